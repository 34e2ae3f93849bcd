// <postern-form form="slug">: the form in an open shadow root.
import css from "../static/form.css";
import { config, type Embed } from "./config";
import { parse } from "./html";
import { fillReferrer } from "./referrer";
import { newID, post, type Answer } from "./submit";

export class PosternForm extends HTMLElement {
  private box?: HTMLElement;
  private embed?: Embed;
  private busy = false;

  async connectedCallback(): Promise<void> {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    root.append(document.createElement("slot")); // what the page wrote inside stays until the form is here
    const id = this.getAttribute("form") || "";
    try {
      this.embed = config.embed?.form === id ? config.embed : await this.load(id);
    } catch {
      return this.tell("error");
    }
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    this.box = document.createElement("div");
    this.box.className = "postern";
    root.replaceChildren(this.box);
    this.show();
    this.tell("loaded");
  }

  private async load(id: string): Promise<Embed> {
    const r = await fetch(`${config.gateway}/embed/${encodeURIComponent(id)}`);
    if (!r.ok) throw r.status;
    return r.json();
  }

  private show(): void {
    this.box!.replaceChildren(...parse(this.embed!.html));
    const form = this.box!.querySelector("form")!;
    (form.elements.namedItem("submission_id") as HTMLInputElement).value = newID();
    fillReferrer(form);
    form.addEventListener("submit", (e) => { e.preventDefault(); void this.submit(form); });
    form.addEventListener("click", (e) => {
      // Fragment links do not reach into a shadow root.
      const to = (e.target as Element).closest<HTMLAnchorElement>(".summary a")?.hash;
      if (to) { e.preventDefault(); form.querySelector<HTMLElement>(to)?.focus(); }
    });
  }

  private async submit(form: HTMLFormElement): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const button = form.querySelector("button")!;
    const status = form.querySelector(".status")!;
    button.setAttribute("aria-disabled", "true");
    status.textContent = form.dataset.sending!;
    const answer = await post(form, `${config.gateway}/f/${encodeURIComponent(this.embed!.form)}`);
    this.busy = false;
    button.removeAttribute("aria-disabled");
    status.textContent = "";
    if (answer.ok) {
      this.box!.replaceChildren(...parse(this.embed!.thanks));
      this.box!.querySelector("h2")?.focus();
      return this.tell("submitted");
    }
    this.problems(form, answer);
    this.tell(answer.fields ? "invalid" : "error");
  }

  // GOV.UK error summary: one link for each problem, the same words beside the field.
  private problems(form: HTMLFormElement, answer: Answer): void {
    form.querySelectorAll(".error").forEach((e) => e.remove());
    form.querySelectorAll("[aria-invalid]").forEach((e) => {
      e.removeAttribute("aria-invalid");
      const help = form.querySelector(`#${e.id}-help`);
      if (help) e.setAttribute("aria-describedby", help.id); else e.removeAttribute("aria-describedby");
    });
    const list = form.querySelector(".summary ul")!;
    list.replaceChildren();
    const add = (text: string, href: string): void => {
      const a = document.createElement("a");
      a.href = href;
      a.textContent = text;
      const li = document.createElement("li");
      li.append(a);
      list.append(li);
    };
    for (const [name, text] of Object.entries(answer.fields || {})) {
      const id = "pf-" + name.replace(/\[/g, "-").replace(/\]/g, "").replace(/_/g, "-");
      add(text, "#" + id);
      const field = form.querySelector(`#${CSS.escape(id)}`);
      if (!field) continue;
      const p = document.createElement("p");
      p.className = "error";
      p.id = id + "-error";
      p.textContent = text;
      if (field.localName === "fieldset") field.querySelector("legend")!.after(p); else field.before(p);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `${p.id} ${field.getAttribute("aria-describedby") || ""}`.trim());
    }
    const summary = form.querySelector<HTMLElement>(".summary")!;
    if (!answer.fields) {
      const p = document.createElement("li");
      p.textContent = answer.error || form.dataset.failed!;
      list.append(p);
      add(form.dataset.hostedText!, form.dataset.hosted!);
    }
    summary.hidden = false;
    summary.focus();
  }

  private tell(what: string): void {
    this.dispatchEvent(new CustomEvent("postern:" + what, {
      bubbles: true, composed: true, detail: { form: this.getAttribute("form") },
    }));
  }
}
