// Owns the context keys that menus and welcome texts depend on. The only file that sets one.

import { commands } from 'vscode';
import type { ContextKeyValues } from './manifest.ts';

export class ContextKeys {
	private readonly values = new Map<string, unknown>();

	/** Sets a key; an equal value is not sent again. */
	set<Key extends keyof ContextKeyValues>(key: Key, value: ContextKeyValues[Key]): void {
		if (this.values.get(key) !== value) {
			this.values.set(key, value);
			void commands.executeCommand('setContext', key, value);
		}
	}
}
