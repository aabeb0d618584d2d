// Owns the few globals base, core and protocol may use: those that Node, the editor and a webview all have.
// No console (log through a Logger), no process, no Buffer, no fetch, no document.

/** Opaque: only handed back to clearTimeout and clearInterval. */
interface TimerHandle {
	readonly timerHandle: never;
}

declare function setTimeout(callback: () => void, milliseconds?: number): TimerHandle;
declare function clearTimeout(handle: TimerHandle | undefined): void;
declare function setInterval(callback: () => void, milliseconds?: number): TimerHandle;
declare function clearInterval(handle: TimerHandle | undefined): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;

interface AbortSignal {
	readonly aborted: boolean;
	readonly reason: unknown;
	throwIfAborted(): void;
	addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
	removeEventListener(type: 'abort', listener: () => void): void;
}

declare const AbortSignal: {
	abort(reason?: unknown): AbortSignal;
	any(signals: AbortSignal[]): AbortSignal;
	timeout(milliseconds: number): AbortSignal;
};

interface AbortController {
	readonly signal: AbortSignal;
	abort(reason?: unknown): void;
}

declare const AbortController: new () => AbortController;

interface URL {
	readonly href: string;
	readonly protocol: string;
	readonly host: string;
	readonly hostname: string;
	readonly port: string;
	readonly pathname: string;
	readonly search: string;
	readonly hash: string;
	toString(): string;
}

declare const URL: {
	new (url: string, base?: string): URL;
	canParse(url: string, base?: string): boolean;
};

interface TextEncoder {
	encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare const TextEncoder: new () => TextEncoder;

interface TextDecoder {
	decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string;
}

declare const TextDecoder: new (
	label?: string,
	options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean },
) => TextDecoder;

declare const crypto: {
	getRandomValues<T extends Uint8Array>(bytes: T): T;
	randomUUID(): string;
};

/** Only passed through by ports; whoever reads or writes one lives on a floor with Node or a browser. */
interface ReadableStream<R> {
	readonly locked: boolean;
	cancel(reason?: unknown): Promise<void>;
	getReader(): {
		read(): Promise<{ done: false; value: R } | { done: true; value: R | undefined }>;
		releaseLock(): void;
	};
}

interface WritableStream<W> {
	readonly locked: boolean;
	abort(reason?: unknown): Promise<void>;
	close(): Promise<void>;
	getWriter(): { write(chunk: W): Promise<void>; close(): Promise<void>; releaseLock(): void };
}
