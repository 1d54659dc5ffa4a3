export type Form = 'blocking' | 'compiled' | 'babel' | 'hand-written';

export interface Server {
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export const appDirectory: string;
interface StartOptions {
  readonly git?: boolean;
  readonly config?: object;
  readonly database?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function start(form: Form, options?: StartOptions): Promise<Server>;
