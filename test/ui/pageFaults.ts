// Owns what a program can judge of a page's looks: words that stick out of their box, words too faint to read.
import type { Frame } from 'playwright-core';

/** Elements that are wider than the room they have, where nothing says that they are cut. */
export async function overflowFaults(frame: Frame): Promise<string[]> {
	return await frame.evaluate(() => {
		const width = document.documentElement.clientWidth;
		const faults: string[] = [];
		for (const element of document.querySelectorAll<HTMLElement>('main *')) {
			const box = element.getBoundingClientRect();
			const isSpoken = element.classList.contains('spoken');
			// A drawing cuts what is outside of it.
			const isDrawn = element.closest('svg') !== null && element.localName !== 'svg';
			if (box.width > 0 && !isSpoken && !isDrawn && (box.right > width + 1 || box.left < -1)) {
				faults.push(
					`<${element.localName} class="${element.className}"> reaches from ${box.left} to ${box.right} of ${width}`,
				);
			}
		}
		if (document.documentElement.scrollWidth > width) {
			faults.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} of ${width}`);
		}
		return faults;
	});
}

/** Words whose colour is too near to what lies behind them; what is disabled may be faint, unless it tells a number. */
export async function contrastFaults(frame: Frame, least = 4.5): Promise<string[]> {
	return await frame.evaluate((limit) => {
		const canvas = document.createElement('canvas');
		canvas.width = canvas.height = 1;
		const context = canvas.getContext('2d', { willReadFrequently: true });
		/** Lays colours over each other, the first at the bottom, as the screen does. */
		const mix = (colours: readonly string[]) => {
			context?.clearRect(0, 0, 1, 1);
			for (const colour of colours) {
				if (context) {
					context.fillStyle = colour;
					context.fillRect(0, 0, 1, 1);
				}
			}
			return [...(context?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3);
		};
		const luminance = (colour: readonly number[]) => {
			const [red = 0, green = 0, blue = 0] = colour.map((value) => {
				const part = value / 255;
				return part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
			});
			return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
		};
		const behind = (element: Element) => {
			const colours: string[] = [];
			for (let each: Element | null = element; each; each = each.parentElement) {
				colours.unshift(getComputedStyle(each).backgroundColor);
			}
			const editor = getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background');
			return [editor || 'white', ...colours];
		};
		const faults = new Set<string>();
		const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT);
		while (walker.nextNode()) {
			const element = walker.currentNode.parentElement;
			const text = walker.currentNode.textContent?.trim();
			if (
				!text ||
				!element ||
				!element.checkVisibility() ||
				element.closest('.spoken, :disabled:not(.count)') !== null
			) {
				continue;
			}
			const back = behind(element);
			const [front, ground] = [luminance(mix([...back, getComputedStyle(element).color])), luminance(mix(back))];
			const ratio = (Math.max(front, ground) + 0.05) / (Math.min(front, ground) + 0.05);
			if (ratio < limit) {
				faults.add(`"${text.slice(0, 40)}" (${element.className || element.localName}): ${ratio.toFixed(2)}`);
			}
		}
		return [...faults];
	}, least);
}
