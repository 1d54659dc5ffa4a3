export interface Server {
  readonly url: string;
  readonly dataDir: string;
  stop(): Promise<void>;
}

export const appDirectory: string;

export function start(output: string): Promise<Server>;
