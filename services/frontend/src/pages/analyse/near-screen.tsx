import { useEffect, useRef, useState, type ReactNode } from 'react';

interface NearScreenProps {
  /** Called only while the content is wanted. */
  children: () => ReactNode;
  /** Shows the content wherever it is. */
  always: boolean;
  /** Pixels to keep free until the content was there once and is measured. */
  expectedHeight: number;
}

/** Holds its content only while that is on the screen or close to it; elsewhere it keeps the place free. */
export function NearScreen({ children, always, expectedHeight }: NearScreenProps) {
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const [height, setHeight] = useState(expectedHeight);

  useEffect(() => {
    if (always || !place.current) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries.at(-1);
        if (!entry) return;
        if (!entry.isIntersecting) setHeight(entry.boundingClientRect.height);
        setNear(entry.isIntersecting);
      },
      // One to two screens ahead, so that scrolling never meets an empty place.
      { rootMargin: '1500px' },
    );
    observer.observe(place.current);
    return () => {
      observer.disconnect();
    };
  }, [always]);

  const held = always || near;
  return (
    <div ref={place} style={held ? undefined : { height }}>
      {held && children()}
    </div>
  );
}
