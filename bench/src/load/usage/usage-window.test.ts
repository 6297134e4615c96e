import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { requestsNeeded } from '../run-step.ts';
import { openWindow, usageFigures } from './usage-window.ts';

test('what a process uses is counted as its own, its peak even after it gave the memory back', async () => {
  const script = `const big = Buffer.alloc(120 * 2 ** 20, 1); console.log(big[0]); setInterval(() => {
    const end = performance.now() + 60; while (performance.now() < end); }, 100)`;
  const busy = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void busy.kill('SIGKILL'));
  await new Promise((resolve) => busy.stdout.once('data', resolve));
  const window = await openWindow(busy.pid ?? -1);
  await sleep(1_000);
  const usage = await window.close();
  expect(usage.seconds).toBeGreaterThan(0.9);
  expect(usage.serverSeconds).toBeGreaterThan(0.1);
  expect(usage.serverSeconds).toBeLessThan(usage.seconds * 1.5);
  expect(usage.mainThreadSeconds).toBeLessThanOrEqual(usage.serverSeconds + 0.02);
  expect(usage.peakBytes).toBeGreaterThan(120 * 2 ** 20);
  const figures = usageFigures(usage, 1_000);
  expect(figures.cpuPerThousand).toBeCloseTo(usage.serverSeconds);
  expect(figures.mainThreadMicroseconds).toBeCloseTo(usage.mainThreadSeconds * 1_000);
  expect(usageFigures(usage, 0)).toMatchObject({ cpuPerThousand: null, mainThreadMicroseconds: null });
});

test('a generator that runs beside the window is not taken for another program', async () => {
  const [server, load] = ['sleep', 'load'].map((what) =>
    spawn(process.execPath, ['-e', what === 'load' ? 'for (;;);' : 'setTimeout(() => {}, 60_000)'], {
      stdio: 'ignore',
    }),
  );
  onTestFinished(() => {
    server?.kill('SIGKILL');
    load?.kill('SIGKILL');
  });
  await sleep(500);
  const window = await openWindow(server?.pid ?? -1, load?.pid ?? -1);
  await sleep(800);
  const { generatorSeconds, serverSeconds, seconds } = await window.close();
  expect(generatorSeconds).toBeGreaterThan(0.1);
  expect(serverSeconds).toBeLessThan(seconds / 2);
});

test('requests are prepared for as many as a run can use up', () => {
  const length = { warmUpSeconds: 5, measuredSeconds: 20 };
  expect(requestsNeeded(512, length)).toBe(420_000);
  expect(requestsNeeded(1, length)).toBe(50_000);
  expect(requestsNeeded(512, { warmUpSeconds: 1, measuredSeconds: 1 })).toBe(40_000);
});
