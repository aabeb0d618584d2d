// Owns what of a drawing is seen: moved with the pointer, made larger with the wheel and with buttons, fitted to its room.

const largest = 2.5;
const smallest = 0.05;

export interface PanZoom {
	/** Shows all of a drawing of this size, never larger than it is; where `least` says how small it may get, the beginning of it. */
	fit(width: number, height: number, least?: number): void;
	zoom(factor: number): void;
	/** Moves so that a point of the drawing is in sight. */
	reveal(x: number, y: number): void;
}

/** `layer` is the child of `frame` that is moved. */
export function createPanZoom(frame: SVGSVGElement, layer: SVGGElement): PanZoom {
	let [x, y, scale] = [0, 0, 1];
	let drag: { readonly x: number; readonly y: number } | undefined;
	const show = () => layer.setAttribute('transform', `translate(${x} ${y}) scale(${scale})`);
	const zoomAt = (factor: number, atX: number, atY: number) => {
		const next = Math.min(largest, Math.max(smallest, scale * factor));
		x = atX - ((atX - x) * next) / scale;
		y = atY - ((atY - y) * next) / scale;
		scale = next;
		show();
	};
	frame.addEventListener(
		'wheel',
		(event) => {
			event.preventDefault();
			const { left, top } = frame.getBoundingClientRect();
			if (event.ctrlKey || event.metaKey || !event.shiftKey) {
				zoomAt(Math.exp(-event.deltaY / 400), event.clientX - left, event.clientY - top);
			} else {
				x -= event.deltaY;
				show();
			}
		},
		{ passive: false },
	);
	frame.addEventListener('pointerdown', (event) => {
		if (event.button === 0 && event.target === frame) {
			drag = { x: event.clientX - x, y: event.clientY - y };
			frame.setPointerCapture(event.pointerId);
		}
	});
	frame.addEventListener('pointermove', (event) => {
		if (drag !== undefined) {
			[x, y] = [event.clientX - drag.x, event.clientY - drag.y];
			show();
		}
	});
	for (const end of ['pointerup', 'pointercancel'] as const) {
		frame.addEventListener(end, () => {
			drag = undefined;
		});
	}
	return {
		fit(width, height, least = smallest) {
			const { clientWidth, clientHeight } = frame;
			if (clientWidth > 0 && clientHeight > 0 && width > 0 && height > 0) {
				scale = Math.max(least, Math.min(1, clientWidth / width, clientHeight / height));
				x = Math.max(0, (clientWidth - width * scale) / 2);
				y = Math.max(0, (clientHeight - height * scale) / 2);
				show();
			}
		},
		zoom: (factor) => zoomAt(factor, frame.clientWidth / 2, frame.clientHeight / 2),
		reveal(atX, atY) {
			const [left, top] = [atX * scale + x, atY * scale + y];
			const margin = 60;
			x += Math.max(0, margin - left) - Math.max(0, left - (frame.clientWidth - margin));
			y += Math.max(0, margin - top) - Math.max(0, top - (frame.clientHeight - margin));
			show();
		},
	};
}
