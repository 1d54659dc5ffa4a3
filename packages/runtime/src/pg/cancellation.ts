/** Cancel requests for one operation on a libpq connection. None is sent when the operation has ended: it would hit another. */
import type { Libpq } from './driver.js';
import { type Address, addressOf, isSilent, isSilentSync } from './reachability.js';
import { GRACE } from './waitCallback.js';

export class Cancellation {
  readonly #pq: Libpq;
  #address: Address | undefined;
  #isAsking = false;
  #isOver = false;

  constructor(pq: Libpq) {
    this.#pq = pq;
  }

  /** Sends a request, as soon as the server is known to answer. */
  ask(sent: () => void): void {
    if (this.#isAsking) return;
    this.#address ??= addressOf(this.#pq);
    if (this.#address === undefined) {
      this.#pq.cancel();
      sent();
      return;
    }
    this.#isAsking = true;
    void isSilent(this.#address, GRACE).then((silent) => {
      this.#isAsking = false;
      if (silent || this.#isOver || this.#pq.connected !== true) return;
      this.#pq.cancel();
      sent();
    });
  }

  /** As {@link ask}, and blocks; tells whether it was sent. */
  askSync(): boolean {
    this.#address ??= addressOf(this.#pq);
    if (this.#address !== undefined && isSilentSync(this.#address, GRACE)) return false;
    this.#pq.cancel();
    return true;
  }

  /** The operation has ended. */
  end(): void {
    this.#isOver = true;
  }
}
