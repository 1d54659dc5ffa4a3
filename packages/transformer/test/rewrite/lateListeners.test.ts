import { describe, expect, it } from 'vitest';
import { formsOf, loadOriginal, type Run, rewriteText } from './harness.js';
import { BLOCKING, LISTENING, MAKING, programOf } from './lateListeners.js';
import { FORMS } from './schedules.js';

const SCENES = Object.keys(BLOCKING).length * Object.keys(LISTENING).length;

/** Children cost a process each, so that not all forms are tried. */
const TRIED = ['when everything suspends', 'when calls suspend at random (1)'];

async function heardIn(run: Run): Promise<unknown[]> {
  const heard: unknown[] = [];
  await run((entry) => heard.push(entry));
  return heard;
}

describe('who begins to listen after something has blocked hears what there is to hear', () => {
  it.each(Object.entries(MAKING))('made %s', async (_, making) => {
    const text = programOf(making);
    const original = await heardIn(loadOriginal(text, 'javascript'));
    expect(new Set(original).size).toBe(SCENES);
    const forms = formsOf(rewriteText(text, 'javascript'), 'javascript');
    for (const form of TRIED) expect(await heardIn((FORMS[form] as (typeof FORMS)[string])(forms))).toEqual(original);
  });
});
