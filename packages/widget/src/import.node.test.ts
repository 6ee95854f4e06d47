import { expect, test } from 'vitest';

test('importing the element, and registering it, works on a server', async () => {
  expect('document' in globalThis).toBe(false);
  const { CalendarConnect } = await import('./calendar-connect.ts');
  await import('./calendar-connect.define.ts');
  expect(CalendarConnect.name).toBe('CalendarConnect');
});
