// Owns how messages between editor and webview are declared: as values that carry the type of their data. Both sides supply a
// complete map of handlers, so nothing can be sent that nobody takes.

declare const dataType: unique symbol;

/** A message that is declared; its name is the key it stands under. */
export interface Message<Data> {
	readonly [dataType]?: Data;
}

export type Messages = Readonly<Record<string, Message<unknown>>>;
export type DataOf<Declared> = Declared extends Message<infer Data> ? Data : never;
export type Handlers<Api extends Messages> = { readonly [Name in keyof Api]: (data: DataOf<Api[Name]>) => void };

/** What is really posted. */
export interface Envelope {
	readonly message: string;
	readonly data: unknown;
}

export type Post<Api extends Messages> = <Name extends keyof Api & string>(name: Name, data: DataOf<Api[Name]>) => void;

/** Declares a message whose data has this type. */
export function message<Data>(): Message<Data> {
	return {};
}

/** A typed way to send the messages of one direction. */
export function createPost<Api extends Messages>(_api: Api, send: (envelope: Envelope) => void): Post<Api> {
	return (name, data) => send({ message: name, data });
}

/** The envelope in something that was received; undefined for anything else. */
export function openEnvelope(received: unknown): Envelope | undefined {
	if (typeof received !== 'object' || received === null || !('message' in received) || !('data' in received)) {
		return undefined;
	}
	const { message: name, data } = received;
	return typeof name === 'string' ? { message: name, data } : undefined;
}
