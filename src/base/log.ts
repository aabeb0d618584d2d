// Owns the logger shape. Floors below the doors never choose where a line goes.

export interface Logger {
	debug(message: string): void;
	info(message: string): void;
	warn(message: string): void;
	error(message: string, error?: unknown): void;
}

export const nullLogger: Logger = {
	debug: () => undefined,
	info: () => undefined,
	warn: () => undefined,
	error: () => undefined,
};

/** A logger that puts the scope before each message. */
export function scopedLogger(logger: Logger, scope: string): Logger {
	return {
		debug: (message) => logger.debug(`[${scope}] ${message}`),
		info: (message) => logger.info(`[${scope}] ${message}`),
		warn: (message) => logger.warn(`[${scope}] ${message}`),
		error: (message, error) => logger.error(`[${scope}] ${message}`, error),
	};
}
