// Copied over `@vscode/spdlog` in the served editor (see servedEditorInstall.mjs): the same few functions,
// writing plain files. Only what VS Code calls; no rotation, as a test's logs live for minutes.
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const NAMES = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
	constructor(_kind, _name, path) {
		this.path = path;
		this.level = 2;
		this.isPlain = false;
		mkdirSync(dirname(path), { recursive: true });
	}
	write(level, message) {
		if (level < this.level) {
			return;
		}
		const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
		try {
			appendFileSync(this.path, this.isPlain ? message : `${time} [${NAMES[level]}] ${message}\n`);
		} catch {
			// The data folder was removed while the editor shuts down: nobody reads this line any more.
		}
	}
	trace(message) {
		this.write(0, message);
	}
	debug(message) {
		this.write(1, message);
	}
	info(message) {
		this.write(2, message);
	}
	warn(message) {
		this.write(3, message);
	}
	error(message) {
		this.write(4, message);
	}
	critical(message) {
		this.write(5, message);
	}
	getLevel() {
		return this.level;
	}
	setLevel(level) {
		this.level = level;
	}
	setPattern() {}
	clearFormatters() {
		this.isPlain = true;
	}
	flush() {}
	drop() {}
}

const create = async (name, path) => new Logger('rotating', name, path);

// Written one by one: VS Code imports this file as a module, and names inside an object literal are not seen.
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
