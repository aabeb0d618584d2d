// Owns running the steps once per file, some at a time. The first file that fails lets no other begin; those at work are finished,
// so that no file is left half written. With `continue_on_error` every file is worked on, and the job fails all the same, naming each.

import { describeError, isDreamError } from '../../base/errors.ts';
import { displayLine } from '../../base/text.ts';
import { driverError } from '../driverFailure.ts';
import type { Matrix } from './commandPlan.ts';
import type { StepSurroundings } from './runSteps.ts';
import { runSteps } from './runSteps.ts';

/** Failed files whose reasons are told; the others are in the log. */
const toldFailures = 10;
/** Characters of a reason where there are several. */
const toldCharacters = 400;

interface ItemFailure {
	readonly file: string;
	readonly error: unknown;
}

/** Rejects with the code of the first failure and a message that names every file that failed, up to ten. */
export async function runMatrix(
	surroundings: StepSurroundings,
	files: readonly string[],
	matrix: Matrix,
): Promise<'done' | 'cancelled'> {
	const { ports, sink, signal, deadline } = surroundings;
	const failures: ItemFailure[] = [];
	let begun = 0;
	let done = 0;
	const mayBegin = () =>
		!signal.aborted && (failures.length === 0 || (matrix.continue_on_error && ports.clock.monotonic() < deadline));
	const work = async (): Promise<void> => {
		for (let file = files[begun]; file !== undefined && mayBegin(); file = files[begun]) {
			begun += 1;
			try {
				if ((await runSteps(surroundings, { file, number: begun, total: files.length })) === 'done') {
					done += 1;
				}
			} catch (error) {
				failures.push({ file, error });
				sink.push({
					kind: 'note',
					text: `${displayLine(file)} failed: ${shorten(describeError(error))}`,
					data: { file, isFailed: true },
				});
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(matrix.parallel, files.length) }, () => work()));
	if (signal.aborted) {
		return 'cancelled';
	}
	const [first] = failures;
	if (first === undefined) {
		return 'done';
	}
	const rest = `${done} of ${files.length} files were done, ${files.length - begun} not begun.`;
	const code = isDreamError(first.error) ? first.error.code : 'command.exit';
	throw driverError(
		code,
		failures.length === 1 ? `${oneFailure(first)}\n${rest}` : `${manyFailures(failures)}\n${rest}`,
	);
}

const oneFailure = ({ file, error }: ItemFailure): string => `${displayLine(file)}: ${describeError(error)}`;

function manyFailures(failures: readonly ItemFailure[]): string {
	const told = failures.slice(0, toldFailures).map((failure) => `- ${shorten(oneFailure(failure))}`);
	const others = failures.length - told.length;
	return [
		`${failures.length} files failed:`,
		...told,
		...(others > 0 ? [`- and ${others} more, each in the log of the run`] : []),
	].join('\n');
}

const shorten = (text: string): string =>
	text.length > toldCharacters ? `${text.slice(0, toldCharacters)} [… cut, whole in the log …]` : text;
