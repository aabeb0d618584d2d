// Owns the one event primitive of the house. A throwing listener never stops the others.

export type Listener<T> = (value: T) => void;

export interface Disposable {
	dispose(): void;
}

/** Same call shape as the editor's own events, so a view can subscribe to a store directly. */
export type Event<T> = (listener: Listener<T>) => Disposable;

export class Emitter<T> implements Disposable {
	private readonly listeners = new Set<Listener<T>>();
	private readonly onListenerError: (error: unknown) => void;

	/** @param onListenerError told of what a listener threw; without it the error is dropped, because events announce and never command. */
	constructor(onListenerError: (error: unknown) => void = () => undefined) {
		this.onListenerError = onListenerError;
	}

	readonly event: Event<T> = (listener) => {
		this.listeners.add(listener);
		return { dispose: () => this.listeners.delete(listener) };
	};

	get listenerCount(): number {
		return this.listeners.size;
	}

	/** Calls every listener that was registered when the call began. */
	fire(value: T): void {
		for (const listener of [...this.listeners]) {
			try {
				listener(value);
			} catch (error) {
				this.onListenerError(error);
			}
		}
	}

	dispose(): void {
		this.listeners.clear();
	}
}
