// The pasted tag: defines <postern-form> and puts one next to every script tag that names a form.
import { PosternForm } from "./element";
import { config } from "./config";

const TAG = "postern-form";

if (!customElements.get(TAG)) customElements.define(TAG, PosternForm);

function formOf(s: HTMLScriptElement): string {
  return s.dataset.form || (/\/widget\b[^?]*\.js\?(?:.*&)?form=([\w-]+)/.exec(s.src) || [])[1] || "";
}

function mount(s: HTMLScriptElement): void {
  const id = formOf(s);
  const next = s.nextElementSibling;
  if (!id || (next?.localName === TAG && next.getAttribute("form") === id)) return;
  const el = document.createElement(TAG);
  el.setAttribute("form", id);
  const target = s.dataset.target && document.querySelector(s.dataset.target);
  if (target) target.append(el);
  else if (s.closest("head")) document.body.append(el);
  else s.after(el);
}

const own = document.currentScript as HTMLScriptElement | null;
const go = (): void => {
  if (own) mount(own);
  else document.querySelectorAll<HTMLScriptElement>("script[data-form],script[src*='widget'][src*='form=']").forEach((s) => {
    if (!config.form || formOf(s) === config.form) mount(s);
  });
};
if (document.body) go();
else addEventListener("DOMContentLoaded", go);
