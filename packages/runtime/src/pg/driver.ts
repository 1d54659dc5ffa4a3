/** What is used of the packages libpq and pg-native. The program has them, not the runtime: nothing is imported. */

/** An instance of the class that `libpq` exports: one connection. */
export interface Libpq {
  connected?: boolean;
  connect(parameters: string, done: (error?: unknown) => void): void;
  finish(): void;
  socket(): number;
  errorMessage(): string;
  resultErrorMessage(): string;
  transactionStatus(): number;
  sendQuery(text: string): boolean;
  sendQueryParams(text: string, values: readonly unknown[]): boolean;
  sendPrepare(name: string, text: string, parameters: number): boolean;
  sendQueryPrepared(name: string, values: readonly unknown[]): boolean;
  flush(): number;
  consumeInput(): boolean;
  isBusy(): boolean;
  getResult(): boolean;
  clear(): void;
  resultStatus(): string;
  resultErrorFields(): { readonly sqlState?: string } | null;
  setNonBlocking(on: boolean): boolean;
  isNonBlocking(): boolean;
  getCopyData(async: boolean): Buffer | number;
  putCopyData(data: Buffer): number;
  putCopyEnd(message?: string): number;
  cancel(): unknown;
  pipelineSync(): boolean;
  sendFlushRequest(): boolean;
  enterPipelineMode(): boolean;
  exitPipelineMode(): boolean;
  pipelineModeSupported?(): boolean;
  pipelineStatus?(): number;
  startReader(): void;
  stopReader(): void;
  writable(done: () => void): unknown;
  listenerCount(event: string): number;
  removeListener(event: string, listener: () => void): unknown;
  emit(event: string, ...args: unknown[]): boolean;
}

/** What `transactionStatus()` says of a connection outside of transactions, with no command under way. */
export const IDLE = 0;
/** What it says while a command is under way, also a COPY. */
export const ACTIVE = 1;

/** SQLSTATE of a command that a cancel request has ended. */
export const CANCELED = '57014';
