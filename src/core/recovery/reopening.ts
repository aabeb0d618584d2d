// Owns reading out of what a service said when it lets an agent go on: a number of seconds, a duration, a time of day in some zone, a
// date, seconds since 1970. What it does not understand it leaves to the usual pauses. Pure.

const minute = 60_000;
const day = 86_400_000;
/** No window of a subscription is longer; a later time is a slip or means something else. */
const longestWait = 8 * day;
/** A time of day so shortly gone by means that one, and not tomorrow's. */
const justGone = 5 * minute;
/** Further words are an output and no answer of a service. */
const readCharacters = 4000;

/** What speaks of going on, right before the time. */
const lead =
	'(?:retry[-_ ]?(?:after|delay|at|in)|try(?:ing)? again|again|wait|resets?(?:[-_ ]?(?:at|in|time|after))?|reopens?|available|until)';
const link = '(?:["\'\\s:=,]|at|in|after|on|for|about|another){0,12}?';

const epoch = new RegExp(`(?:\\||${lead}${link})(\\d{10}|\\d{13})(?!\\d)`, 'giu');
const isoTime = new RegExp(
	`${lead}${link}(\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?(?:Z| ?UTC|[+-]\\d\\d:?\\d\\d))`,
	'giu',
);
const httpDate = new RegExp(`${lead}${link}((?:[a-z]{3}, )?\\d{1,2} [a-z]{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT)`, 'giu');
const part =
	'\\d{1,9}(?:\\.\\d{1,9})?\\s?(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)(?![a-z])';
const duration = new RegExp(`${lead}${link}((?:${part}(?:,?\\s?(?:and\\s)?)){1,4})`, 'giu');
const plainSeconds =
	/(?:retry[-_ ]?(?:after|in|delay)|resets?[-_]?in|ratelimit[-_]reset)(?<unit>[-_ ]?(?:ms|seconds?))?["'\s:=]{1,4}(?<amount>\d{1,9}(?:\.\d{1,9})?)(?![\d:]|\s?[a-z])/giu;
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const timeOfDay = new RegExp(
	`${lead}${link}(?:(?<weekday>${weekdays.join('|')})[a-z]{0,6},?\\s)?(?:(?<month>${months.join('|')})[a-z]{0,6}\\.?\\s(?<date>\\d{1,2}),?\\s(?:at\\s)?)?(?<hour>\\d{1,2})(?::(?<minute>\\d\\d))?\\s?(?<half>[ap]\\.?m\\.?)?(?:\\s?\\(?(?<zone>[A-Z][A-Za-z]+(?:/[A-Za-z_+-]+){1,2}|UTC|GMT|[A-Z]{2,4}T)\\)?)?`,
	'giu',
);

const units: Readonly<Record<string, number>> = { s: 1000, m: minute, h: 60 * minute, d: day };

/** Wall milliseconds from which the service answers again, as it said at `now`; undefined where it said no time to come. */
export function readReopening(said: string, now: number): number | undefined {
	const text = said.slice(0, readCharacters);
	const isToCome = (time: number | undefined): time is number =>
		time !== undefined && time > now && time <= now + longestWait;
	const readings: readonly (() => Iterable<number | undefined>)[] = [
		() => matches(text, epoch).map(([, digits = '']) => Number(digits) * (digits.length === 10 ? 1000 : 1)),
		() =>
			matches(text, isoTime).map(([, stamp = '']) => Date.parse(stamp.replace(/ ?UTC$/u, 'Z').replace(' ', 'T'))),
		() => matches(text, httpDate).map(([, stamp = '']) => Date.parse(stamp)),
		() => matches(text, duration).map(([, words = '']) => now + lengthOf(words)),
		() =>
			matches(text, plainSeconds).map(
				({ groups }) =>
					now + Number(groups?.['amount']) * (groups?.['unit']?.endsWith('ms') === true ? 1 : 1000),
			),
		() => matches(text, timeOfDay).map(({ groups }) => dayTime(groups ?? {}, now)),
	];
	for (const read of readings) {
		const found = [...read()].find(isToCome);
		if (found !== undefined) {
			return Math.ceil(found);
		}
	}
	return undefined;
}

const matches = (text: string, pattern: RegExp): RegExpExecArray[] => [...text.matchAll(pattern)];

function lengthOf(words: string): number {
	return matches(words, /(\d+(?:\.\d+)?)\s?([a-z]+)/giu).reduce((sum, [, amount, word = '']) => {
		const unit = /^(?:ms|milli)/iu.test(word) ? 1 : (units[word.charAt(0).toLowerCase()] ?? 0);
		return sum + Number(amount) * unit;
	}, 0);
}

type Groups = Readonly<Record<string, string | undefined>>;

/** The next time a clock in that zone, or here, shows it. A bare number is no time: it needs minutes or a half of the day. */
function dayTime(
	{ weekday, month, date, hour = '', minute: past, half, zone }: Groups,
	now: number,
): number | undefined {
	const clock = hourOf(Number(hour), half);
	const minutes = Number(past ?? 0);
	if ((past === undefined && half === undefined) || clock === undefined || minutes > 59) {
		return undefined;
	}
	const offset = zone === undefined ? localOffset : offsetIn(zone);
	if (offset === undefined) {
		return undefined;
	}
	const here = new Date(now + offset(now));
	const at = (days: number, years = 0) => {
		const on =
			month === undefined
				? Date.UTC(here.getUTCFullYear(), here.getUTCMonth(), here.getUTCDate() + days, clock, minutes)
				: Date.UTC(
						here.getUTCFullYear() + years,
						months.indexOf(month.toLowerCase()),
						Number(date),
						clock,
						minutes,
					);
		// The offset of that moment, which is another where clocks are changed in between.
		return on - offset(on - offset(on));
	};
	if (month !== undefined) {
		return at(0) > now - justGone ? at(0) : at(0, 1);
	}
	const wanted = weekday === undefined ? undefined : weekdays.indexOf(weekday.toLowerCase());
	const days = wanted === undefined ? 0 : (wanted - here.getUTCDay() + 7) % 7;
	const next = at(days);
	return next > now - justGone ? next : at(days + (wanted === undefined ? 1 : 7));
}

function hourOf(hour: number, half: string | undefined): number | undefined {
	if (half === undefined) {
		return hour < 24 ? hour : undefined;
	}
	return hour < 1 || hour > 12 ? undefined : (hour % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0);
}

type Offset = (at: number) => number;

const localOffset: Offset = (at) => -new Date(at).getTimezoneOffset() * minute;

/** How far the clocks of a zone are ahead of UTC, in milliseconds; undefined for a zone nobody here knows. */
function offsetIn(zone: string): Offset | undefined {
	try {
		const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
		return (at) => {
			const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
			const [, sign = '+', hours = 0, minutes = 0] = /GMT([+-])(\d\d):(\d\d)/u.exec(name) ?? [];
			return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minute;
		};
	} catch {
		return undefined;
	}
}
