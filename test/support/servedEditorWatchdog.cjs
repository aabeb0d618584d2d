// Copied over `@vscode/native-watchdog` in the served editor (see servedEditorInstall.mjs): the extension host ends
// when the process that started it is gone.
const LOOK_EVERY_MILLISECONDS = 1_000;

/** The exit code of the original. */
const PARENT_IS_GONE = 87;

exports.start = (parent) => {
	const timer = setInterval(() => {
		try {
			process.kill(parent, 0);
		} catch {
			process.exit(PARENT_IS_GONE);
		}
	}, LOOK_EVERY_MILLISECONDS);
	timer.unref();
};
