// What one form needs, as the gateway's /embed answers it.
export interface Embed { form: string; lang: string; dir: string; html: string; thanks: string; token: string }
interface Config { gateway: string; form?: string; embed?: Embed | null }

// The gateway puts an object in the place of this text. A pinned build is served unchanged, so that its integrity
// value holds, and finds the gateway by its own address.
const raw = "__POSTERN_CONFIG__" as unknown as Config | string;
const src = (document.currentScript as HTMLScriptElement | null)?.src;
export const config: Config = typeof raw === "object" ? raw : { gateway: src ? new URL(src).origin : location.origin };
