/** Cancel requests for one operation on a libpq connection. None is sent when the operation has ended: it would hit another. */
import type { Libpq } from './driver.js';
import { addressOf, isSilent, isSilentSync } from './reachability.js';
import { GRACE } from './waitCallback.js';

export class Cancellation {
  readonly #pq: Libpq;
  #isAsking = false;
  #isOver = false;

  constructor(pq: Libpq) {
    this.#pq = pq;
  }

  /** Sends a request, as soon as the server is known to answer. */
  ask(sent: () => void): void {
    if (this.#isAsking) return;
    const address = addressOf(this.#pq);
    if (address === undefined) {
      this.#pq.cancel();
      sent();
      return;
    }
    this.#isAsking = true;
    void isSilent(address, GRACE).then((silent) => {
      this.#isAsking = false;
      if (silent || this.#isOver || this.#pq.connected !== true) return;
      this.#pq.cancel();
      sent();
    });
  }

  /** As {@link ask}, and blocks; tells whether it was sent. */
  askSync(): boolean {
    const address = addressOf(this.#pq);
    if (address !== undefined && isSilentSync(address, GRACE)) return false;
    this.#pq.cancel();
    return true;
  }

  /** The operation has ended. */
  end(): void {
    this.#isOver = true;
  }
}
