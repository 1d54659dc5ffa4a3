export type Form = 'blocking' | 'compiled' | 'babel' | 'hand-written';

export interface Server {
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export const appDirectory: string;
export function start(form: Form, options?: { readonly git?: boolean; readonly config?: object }): Promise<Server>;
