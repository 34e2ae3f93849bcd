// How the supporter came: the five documented arguments of the page's address and the page itself, without its
// query. Nothing else is looked at, so personal link arguments are never kept.
export function fillReferrer(form: HTMLFormElement): void {
  const q = new URLSearchParams(location.search);
  const set = (name: string, value: string | null): void => {
    if (value) (form.elements.namedItem(name) as HTMLInputElement).value = value;
  };
  const utm = [q.get("utm_source"), q.get("utm_campaign")];
  set("source", q.get("source") || (utm[0] ? utm.filter(Boolean).join("-") : ""));
  for (const name of ["referrer", "email_referrer", "mobile_message_referrer"]) set(name, q.get(name));
  set("website", location.host + location.pathname);
}
