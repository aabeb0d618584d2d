// Owns chokidar: nothing else imports it. Tells that a path may have changed, never what changed, and throws nothing.

import type { FSWatcher } from 'chokidar';
import { watch } from 'chokidar';
import type { Disposable } from '../base/event.ts';
import type { Watcher } from '../core/ports.ts';

export interface WatcherOptions {
	/** Ask the file system at this interval instead of being told: for network drives. */
	readonly pollingMilliseconds?: number;
	/** Folders that are never entered. */
	readonly ignoredNames?: readonly string[];
	/** What chokidar could not watch, as one line; the rest is still watched. */
	readonly onError: (message: string, error: unknown) => void;
}

/**
 * How long after a change the listener is told once more. chokidar drops a second write of the same size within one tick of
 * the file system's clock (4 ms on many kernels), because the stamp is the same; the echo makes the reader look again.
 */
const echoMilliseconds = 20;
const defaultIgnoredNames = ['.git', 'node_modules'];
const temporaryFile = /[\\/]\.[^\\/]+\.tmp$/u;

/**
 * A Watcher on chokidar. The listener is called once per path when the watch stands, so that nothing is missed between
 * reading and watching. Watching does not keep the process alive.
 */
export function createChokidarWatcher(options: WatcherOptions): Watcher {
	const ignoredNames = new Set(options.ignoredNames ?? defaultIgnoredNames);
	const isIgnored = (path: string) =>
		temporaryFile.test(path) ||
		ignoredNames.has(path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1));
	return {
		watch(paths, onChange) {
			if (paths.length === 0) {
				return { dispose: () => undefined };
			}
			const listener = createListener(onChange, options.onError);
			let watcher: FSWatcher;
			try {
				watcher = watch([...paths], {
					ignoreInitial: true,
					persistent: false,
					// chokidar would hold a removal back for 100 ms, to see whether it was a replacement.
					atomic: false,
					ignored: (path) => isIgnored(path) && !paths.includes(path),
					...(options.pollingMilliseconds === undefined
						? {}
						: {
								backend: 'polling',
								pollingInterval: options.pollingMilliseconds,
								pollingBinaryInterval: options.pollingMilliseconds,
							}),
				});
			} catch (error) {
				options.onError(`Cannot watch ${paths.join(', ')}.`, error);
				return listener;
			}
			watcher.on('all', (_event, path) => listener.tell(path));
			watcher.on('ready', () => paths.forEach((path) => listener.tell(path)));
			watcher.on('error', (error) => options.onError(describe(error), error));
			return {
				dispose() {
					listener.dispose();
					watcher.close().catch((error: unknown) => options.onError('Cannot stop watching.', error));
				},
			};
		},
	};
}

interface PathListener extends Disposable {
	tell(path: string): void;
}

/** Calls on each change and once more after it; a throwing listener is reported and stops nothing. */
function createListener(onChange: (path: string) => void, onError: WatcherOptions['onError']): PathListener {
	const echoes = new Map<string, NodeJS.Timeout>();
	const call = (path: string) => {
		try {
			onChange(path);
		} catch (error) {
			onError(`A listener failed on a change of ${path}.`, error);
		}
	};
	return {
		tell(path) {
			clearTimeout(echoes.get(path));
			const echo = setTimeout(() => {
				echoes.delete(path);
				call(path);
			}, echoMilliseconds);
			echo.unref();
			echoes.set(path, echo);
			call(path);
		},
		dispose() {
			for (const echo of echoes.values()) {
				clearTimeout(echo);
			}
			echoes.clear();
		},
	};
}

function describe(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code === 'ENOSPC') {
		return 'The system allows no more file watchers. Raise fs.inotify.max_user_watches; until then changes show late.';
	}
	if (code === 'EMFILE') {
		return 'This process has too many files open to watch more. Raise the limit of open files; until then changes show late.';
	}
	return `Watching failed: ${error instanceof Error ? error.message : String(error)}`;
}
