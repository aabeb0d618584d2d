// Owns a process that does nothing but look how late the machine wakes it: the delay that is nobody's fault but the machine's.
//   forked; sends its delays in milliseconds when told to stop

const intervalMilliseconds = 10;
const delays: number[] = [];
let due = performance.now() + intervalMilliseconds;

const timer = setInterval(() => {
	const now = performance.now();
	delays.push(Math.max(0, now - due));
	due = now + intervalMilliseconds;
}, intervalMilliseconds);

process.once('message', () => {
	clearInterval(timer);
	process.send?.(delays, () => process.disconnect());
});
