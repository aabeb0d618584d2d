// Owns the check of what a watch view sends: a webview is an untrusted edge. Used on the editor's side only.

import * as z from 'zod';
import type { DataOf } from './define.ts';
import type { toEditor } from './watchApi.ts';
import { watchCommands } from './watchApi.ts';

const place = z.number().int().nonnegative();

export const watchInput = {
	ready: z.strictObject({}),
	evidence: z.strictObject({}),
	page: z.strictObject({
		ask: z.union([
			z.strictObject({ before: place }),
			z.strictObject({ after: place }),
			z.strictObject({ newest: z.literal(true) }),
		]),
	}),
	perform: z.strictObject({ command: z.enum(watchCommands) }),
	openDiff: z.strictObject({ path: z.string().min(1).max(1000) }),
} satisfies { readonly [Name in keyof typeof toEditor]: z.ZodType<DataOf<(typeof toEditor)[Name]>> };
