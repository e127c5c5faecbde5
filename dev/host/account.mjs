// The account's limit of invocations at once, of all functions together, as AWS has it in each Region.
import {setTimeout as sleep} from 'node:timers/promises';

// AWS tries again what it has kept, at first after a second.
const AGAIN_MS = 1000;

export class Account {
	#running = 0;
	#most = 0;
	#refused = 0;

	constructor(limit) {
		this.limit = limit;
	}

	// Counts an invocation that somebody waits for; answers whether there was room.
	admit() {
		if (this.#enter()) return true;
		this.#refused++;
		return false;
	}

	// An invocation that nobody waits for is kept until there is room, for hours if need be.
	async keep() {
		while (!this.#enter()) await sleep(AGAIN_MS);
	}

	leave() {
		this.#running--;
	}

	// From now on, with the most at once and how many were refused counted from here.
	set(limit) {
		this.limit = limit;
		this.#most = this.#running;
		this.#refused = 0;
	}

	told() {
		return {limit: this.limit, running: this.#running, most: this.#most, refused: this.#refused};
	}

	#enter() {
		if (this.#running >= this.limit) return false;
		this.#running++;
		this.#most = Math.max(this.#most, this.#running);
		return true;
	}
}
