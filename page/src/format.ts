/** Numbers, times and spans, for people. */
import {texts} from './texts';

// English with the day before the month and 24 hours.
const LOCALE = 'en-GB';

const number = new Intl.NumberFormat(LOCALE, {maximumFractionDigits: 2});
const percent = new Intl.NumberFormat(LOCALE, {style: 'percent', maximumFractionDigits: 0});
const time = new Intl.DateTimeFormat(LOCALE, {timeStyle: 'short'});
const day = new Intl.DateTimeFormat(LOCALE, {day: 'numeric', month: 'short'});
const dayOfYear = new Intl.DateTimeFormat(LOCALE, {dateStyle: 'medium'});

export const formatNumber = (value: number) => number.format(value);

/** Rounded down: 100 % is said when it is over. */
export const formatProgress = (value: number) => percent.format(Math.floor(value * 100) / 100);

export const formatTime = (at: number) => time.format(at);

/** The day, as far as it is not clear, and the time. */
export function formatMoment(at: number, now: number): string {
	const [then, today] = [new Date(at), new Date(now)];
	if (then.toDateString() === today.toDateString()) return texts.time.today(time.format(at));
	const date = then.getFullYear() === today.getFullYear() ? day : dayOfYear;
	return texts.time.on(date.format(at), time.format(at));
}

/** The two largest units of a span in milliseconds. */
export function formatSpan(milliseconds: number): string {
	const seconds = Math.max(0, Math.round(milliseconds / 1000));
	const minutes = Math.floor(seconds / 60);
	const hours = Math.floor(minutes / 60);
	const units = [
		[hours, 'h'],
		[minutes % 60, 'min'],
		[seconds % 60, 's'],
	] as const;
	const first = units.findIndex(([count]) => count > 0);
	if (first < 0) return '0 s';
	return units
		.slice(first, first + 2)
		.filter(([count]) => count > 0)
		.map(([count, unit]) => `${count} ${unit}`)
		.join(' ');
}

export function formatBytes(bytes: number): string {
	const units = ['bytes', 'kB', 'MB', 'GB'];
	const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
	return `${number.format(Number((bytes / 1000 ** power).toPrecision(3)))} ${units[power]}`;
}
