package upstream

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"postern/internal/form"
	"postern/internal/osdi"
)

func classify(a answer) form.Outcome {
	r := form.Outcome{Status: a.status}
	switch {
	case a.err != nil && !a.sent:
		r.Class, r.Reason = form.OutcomeUnreachable, "no connection"
	case a.err != nil && a.status == 0:
		r.Class, r.Reason = form.OutcomeDoubtful, "connection lost before the answer"
	case a.err != nil:
		r.Class, r.Reason = form.OutcomeDoubtful, "answer cut short"
	case a.status == http.StatusTooManyRequests:
		r.Class, r.Reason, r.RetryAfter = form.OutcomeLater, "too many calls", seconds(a.header.Get("Retry-After"))
	case a.status >= 200 && a.status < 300:
		var o osdi.Outreach
		if err := json.Unmarshal(a.body, &o); err != nil {
			r.Class, r.Reason = form.OutcomeDoubtful, "answer is not JSON"
			break
		}
		r.Class = form.OutcomeDone
		r.UpstreamID, _ = nativeID(o.Identifiers, "")
	case a.status >= 500 || a.status == http.StatusRequestTimeout:
		r.Class, r.Reason = form.OutcomeDoubtful, "status "+strconv.Itoa(a.status)
	case a.status >= 300 && a.status < 400:
		r.Class, r.Reason = form.OutcomeRefused, "the upstream redirects elsewhere"
	default:
		r.Class, r.Reason = form.OutcomeRefused, "status "+strconv.Itoa(a.status)
	}
	return r
}

// seconds reads Retry-After in its numeric form, at most an hour.
func seconds(s string) time.Duration {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return min(time.Duration(n)*time.Second, time.Hour)
}
