// Owns the names of the references checkpoints are kept under: `refs/dreamos/checkpoints/<run>/<number>`.

export const checkpointPrefix = 'refs/dreamos/checkpoints/';
export const checkpointReference = (runId: string, number: number): string => `${checkpointPrefix}${runId}/${number}`;

const named = /^refs\/dreamos\/checkpoints\/([^/]+)\/(\d+)$/u;

/** The run a reference is a checkpoint of; undefined for any other reference. */
export const checkpointedRun = (name: string): string | undefined => named.exec(name)?.[1];

/** Its place among the checkpoints of its run; undefined for any other reference. */
export function checkpointNumber(name: string): number | undefined {
	const digits = named.exec(name)?.[2];
	return digits === undefined ? undefined : Number(digits);
}
