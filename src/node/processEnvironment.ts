// Owns the environment of the processes we start: the person's own, without what the editor put into ours.

/** Name of the variable that marks everything a run started; its value is a list of tokens, the outermost run first. */
export const markVariable = 'DREAMOS_PROCESS_MARK';

const editorVariable = /^(?:VSCODE_|ELECTRON_|CURSOR_TRACE_ID$|CHROME_DESKTOP$|ORIGINAL_XDG_CURRENT_DESKTOP$)/u;
const editorPath = /vscode|vscodium|cursor|js-debug|[\\/]extensions[\\/]git[\\/]/iu;
/** Set by a person as often as by the editor: only the editor's value goes. */
const sharedVariables = ['NODE_OPTIONS', 'GIT_ASKPASS', 'SSH_ASKPASS'];
const snapOriginal = '_VSCODE_SNAP_ORIG';

/** A copy without the editor's own variables; PATH and all that is the person's stay. */
export function withoutEditor(environment: NodeJS.ProcessEnv): Record<string, string> {
	const clean: Record<string, string> = {};
	for (const [name, value] of Object.entries(environment)) {
		const isEditors =
			editorVariable.test(name) ||
			name.endsWith(snapOriginal) ||
			(sharedVariables.includes(name) && editorPath.test(value ?? ''));
		if (value !== undefined && !isEditors) {
			clean[name] = value;
		}
	}
	// The editor's snap package replaces libraries and data folders, and keeps what was there under another name.
	for (const [name, original] of Object.entries(environment)) {
		const restored = name.slice(0, -snapOriginal.length);
		if (!name.endsWith(snapOriginal) || restored === '') {
			continue;
		}
		if (original === undefined || original === '') {
			delete clean[restored];
		} else {
			clean[restored] = original;
		}
	}
	return clean;
}

/** What a child gets: ours without the editor's, what the caller adds or takes away, and the mark of the run. */
export function childEnvironment(
	own: NodeJS.ProcessEnv,
	changes: Readonly<Record<string, string | undefined>>,
	token: string,
	mark?: string,
): Record<string, string> {
	const environment = withoutEditor(own);
	// Where the shell of whoever started us was before: it points a worker out of its worktree for no reason.
	delete environment['OLDPWD'];
	for (const [name, value] of Object.entries(changes)) {
		if (value === undefined) {
			delete environment[name];
		} else {
			environment[name] = value;
		}
	}
	// A run's id is a mark too: it is known before anything starts, so that nothing of a run can go unrecorded.
	const marks = [own[markVariable], changes['DREAMOS_RUN_ID'], mark, token];
	environment[markVariable] = marks.filter((mark) => mark !== undefined && mark !== '').join(':');
	return environment;
}

/** True when a process's environment, as the system shows it, carries the token. */
export function carriesMark(environment: string, token: string): boolean {
	const entry = environment.split('\0').find((candidate) => candidate.startsWith(`${markVariable}=`));
	return (
		entry !== undefined &&
		entry
			.slice(markVariable.length + 1)
			.split(':')
			.includes(token)
	);
}
