// Package helper is the built-in record outreach helper: a small OSDI server with its own tables. It knows nothing
// of the gateway. Source: https://actionnetwork.org/docs/v2/record_outreach_helper
//
// Choices where the source is silent or contradicts itself:
//
//	postal code              not required (the table of fields says so, the closing example does not)
//	more than one target     400; no target is fine
//	unknown status           ignored: the current one stays
//	unknown campaign         404; campaign made in the user interface: 403
//	key                      absent or empty: blind post; another one: 403
//	background_request       done at once, answered with {}
//	identifier in use        400
//	phone numbers            possible in the numbering plan is enough: the example's own number is not assigned
package helper
