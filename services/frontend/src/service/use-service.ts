import { useCallback, useEffect, useState } from 'react';
import { request, ServiceError } from './client.ts';

/** Every label that the model can give (GET /v1/labels). */
export interface LabelTree {
  /** Sub-emotions by emotion; each belongs to exactly one. */
  emotions: Record<string, string[]>;
  /** From weak to strong. */
  intensities: string[];
}

/** Where other parts of the stack are, as the server of this page was told. */
export interface Links {
  grafanaUrl?: string;
  prometheusUrl?: string;
}

export type ServiceState =
  | { state: 'checking' }
  | { state: 'ready'; labels: LabelTree; links: Links }
  | { state: 'unreachable'; error: ServiceError };

/** Milliseconds between two looks at a service that did not answer. */
const recheckInterval = 10_000;

/** Whether the classifier answers, and what it can tell apart. Looks again by itself until it does. */
export function useService() {
  const [service, setService] = useState<ServiceState>({ state: 'checking' });

  const check = useCallback(async () => {
    try {
      const [labels, links] = await Promise.all([
        request<LabelTree>('/v1/labels'),
        request<Links>('/config.json'),
      ]);
      setService({ state: 'ready', labels, links });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      setService({ state: 'unreachable', error });
    }
  }, []);

  useEffect(() => {
    // The state changes only once an answer is there.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void check();
    const recheck = () => void check();
    window.addEventListener('online', recheck);
    window.addEventListener('offline', recheck);
    return () => {
      window.removeEventListener('online', recheck);
      window.removeEventListener('offline', recheck);
    };
  }, [check]);

  useEffect(() => {
    if (service.state !== 'unreachable') return undefined;
    const timer = setTimeout(() => void check(), recheckInterval);
    return () => {
      clearTimeout(timer);
    };
  }, [service, check]);

  return { service, check };
}
