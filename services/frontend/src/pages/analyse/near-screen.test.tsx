// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NearScreen } from './near-screen.tsx';

let report: (isIntersecting: boolean, height?: number) => void;

beforeEach(() => {
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(callback: (entries: unknown[]) => void) {
        report = (isIntersecting, height = 0) => {
          act(() => {
            callback([{ isIntersecting, boundingClientRect: { height } }]);
          });
        };
      }
      observe = vi.fn();
      disconnect = vi.fn();
    },
  );
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('holds its content only near the screen, and then keeps the place that it took', () => {
  const { container } = render(
    <NearScreen always={false} expectedHeight={900}>
      {() => <p>Sentences</p>}
    </NearScreen>,
  );
  const place = container.firstElementChild as HTMLElement;
  expect(screen.queryByText('Sentences')).toBeNull();
  expect(place.style.height).toBe('900px');
  report(true);
  expect(screen.getByText('Sentences')).toBeTruthy();
  expect(place.style.height).toBe('');
  report(false, 1_234);
  expect(screen.queryByText('Sentences')).toBeNull();
  expect(place.style.height).toBe('1234px');
});

it('shows content that is wanted wherever it is', () => {
  render(
    <NearScreen always expectedHeight={900}>
      {() => <p>Sentences</p>}
    </NearScreen>,
  );
  expect(screen.getByText('Sentences')).toBeTruthy();
});
