// One post, tried again under the same id until there is an answer. Only a 2xx is a success.
export interface Answer { ok: boolean; error?: string; fields?: Record<string, string> }

const TRIES = 4;
const KEEPALIVE_MAX = 60_000; // the browsers' limit is 64 KiB for all requests in flight

export function newID(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16)); // pages without TLS lack randomUUID
  b[6] = (b[6]! & 15) | 64;
  b[8] = (b[8]! & 63) | 128;
  return [...b].map((x, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + x.toString(16).padStart(2, "0")).join("");
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export async function post(form: HTMLFormElement, url: string): Promise<Answer> {
  const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>).toString();
  for (let i = 0; i < TRIES; i++) {
    if (!navigator.onLine) await new Promise((done) => addEventListener("online", done, { once: true }));
    let wait = 400 * 3 ** i * (0.5 + Math.random());
    try {
      const r = await fetch(url, {
        method: "POST", body, credentials: "omit", keepalive: body.length < KEEPALIVE_MAX,
        headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
        signal: AbortSignal.timeout(15_000),
      });
      if (r.ok) return { ok: true };
      if (r.status < 500 && r.status !== 429) return { ok: false, ...(await r.json()) };
      wait = Math.max(wait, 1000 * Number(r.headers.get("retry-after")) || 0);
    } catch { /* no answer: the next try says whether the post was kept */ }
    if (i < TRIES - 1) await sleep(Math.min(wait, 15_000));
  }
  return { ok: false };
}
