// Markup from the gateway, parsed in an element of its own: inside a host <form> the parser would drop ours.
interface Policy { createHTML(s: string): string }
declare global {
  interface Window { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } }
}
let policy: Policy | undefined;

export function parse(html: string): Node[] {
  const el = document.createElement("div");
  const set = (el as unknown as { setHTML?: (h: string, o: object) => void }).setHTML;
  if (set) set.call(el, html, { sanitizer: {} });
  else {
    policy ||= window.trustedTypes?.createPolicy("postern", { createHTML: (s) => s });
    el.innerHTML = policy ? policy.createHTML(html) : html;
  }
  return [...el.childNodes];
}
