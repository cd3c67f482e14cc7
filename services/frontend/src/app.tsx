import { AnalysePage } from './pages/analyse/analyse-page.tsx';
import { useService } from './service/use-service.ts';

/** What every page stands in: the name, the ways to the other parts of the stack, and the page itself. */
export function App() {
  const { service, check } = useService();
  const links = service.state === 'ready' ? service.links : {};
  return (
    <div className="shell">
      <a className="button skip-link" href="#main">
        Skip to content
      </a>
      <header className="shell-header">
        <a className="shell-brand" href="/">
          <img src="/favicon.svg" width="28" height="28" alt="" />
          Emotion Stack
        </a>
        {(links.grafanaUrl ?? links.prometheusUrl) && (
          <nav className="shell-links" aria-label="Monitoring">
            {links.grafanaUrl && <a href={links.grafanaUrl}>Grafana</a>}
            {links.prometheusUrl && <a href={links.prometheusUrl}>Prometheus</a>}
          </nav>
        )}
      </header>
      <main className="shell-main" id="main" tabIndex={-1}>
        <AnalysePage service={service} onRetry={() => void check()} />
      </main>
    </div>
  );
}
