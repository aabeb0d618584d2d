// Owns what is known of a conflict a person resolves: which files, all three sides of each, and which are still open. It is one event
// of the run, so that it outlives every program.

import * as z from 'zod';
import type { LedgerReader } from '../ledger.ts';
import type { PersonParts } from './personParts.ts';

const resolvingSchema = z.object({
	/** Commits: what the agent began with, what it made, what was open when the work on the conflict began. */
	base: z.string(),
	agent: z.string(),
	yours: z.string(),
	files: z.array(
		z.object({
			path: z.string(),
			/** Where the file was in `base`. */
			origin: z.string(),
			/** `merge`: text with marks; `choice`: one side or the other. */
			kind: z.enum(['merge', 'choice']),
			reason: z.string(),
		}),
	),
});
export type Resolving = z.infer<typeof resolvingSchema>;
export type FileInConflict = Resolving['files'][number];

/** undefined when the run resolves nothing. */
export async function readResolving(reader: LedgerReader, runId: string): Promise<Resolving | undefined> {
	const events = await reader.events({ run_id: runId });
	const parsed = resolvingSchema.safeParse(events.findLast(({ type }) => type === 'run.resolving')?.data);
	return parsed.success ? parsed.data : undefined;
}

const marks = /^(?:<{7}|>{7})(?: |\r?$)/mu;

/** Whether a text still holds git's marks of a conflict. */
const hasMarks = (text: string): boolean => marks.test(text);

/** Files with marks left in them, or of which no side was chosen. */
export async function unresolvedFiles(
	{ ledger, files }: Pick<PersonParts, 'ledger' | 'files'>,
	runId: string,
	folder: string,
): Promise<readonly string[]> {
	const { resolving, chosen } = await ledger.read(async (reader) => ({
		resolving: await readResolving(reader, runId),
		chosen: new Set(
			(await reader.events({ run_id: runId })).flatMap(({ type, data }) =>
				type === 'run.chose' ? [data?.['path']] : [],
			),
		),
	}));
	const open: string[] = [];
	for (const { path, kind } of resolving?.files ?? []) {
		if (chosen.has(path)) {
			continue;
		}
		const place = files.join(folder, path);
		const isOpen =
			kind === 'choice' || ((await files.stat(place)) !== undefined && hasMarks(await readLoosely(files, place)));
		if (isOpen) {
			open.push(path);
		}
	}
	return open;
}

const readLoosely = async (files: Pick<PersonParts['files'], 'readBytes'>, place: string): Promise<string> =>
	new TextDecoder().decode(await files.readBytes(place));
