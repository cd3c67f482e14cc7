import type { ServiceName, ThirdPartyImage } from './images.ts';

/**
 * One long-running program of the stack, in Kubernetes' words. The targets render it; nothing else constructs
 * resources. A field stands here only if every target honours it.
 */
export interface Workload {
  /** DNS name on the stack's network and name of every resource made from it. */
  name: string;
  /** What it is for, in one sentence: the README and `./stack status` say the same. */
  description: string;
  image: { build: ServiceName } | { thirdParty: ThirdPartyImage };
  /** `$(HOST_IP)` stands for the address of the machine on the stack's network. */
  args?: string[];
  env?: Record<string, string | SecretRef>;
  /**
   * Configuration files by absolute path; a change replaces the container. `$(secret:KEY)` in one stands for a secret of
   * the stack config (infra/file-secrets.ts).
   */
  files?: Record<string, string>;
  /** Data that outlives the container. */
  volumes?: VolumeMount[];
  /** Writable scratch folders in memory. */
  tmpfs?: string[];
  ports: Port[];
  readiness: Readiness;
  /** Where Prometheus scrapes it; the job has the workload's name. */
  metrics?: { port: string; path: string };
  resources: Resources;
  securityContext: SecurityContext;
  /** One per machine instead of one per stack. */
  perNode?: boolean;
  /** Sees the machine's own network interfaces instead of a private network. */
  hostNetwork?: boolean;
  /** Folders of the machine, always read-only. */
  hostMounts?: HostMount[];
  /** Seconds between SIGTERM and SIGKILL. */
  terminationGracePeriodSeconds: number;
}

/** Names a secret of the stack config; its value never enters the topology. */
export interface SecretRef {
  secret: string;
}

export interface VolumeMount {
  /** Name without the stack's prefix. */
  name: string;
  mountPath: string;
}

export interface HostMount {
  hostPath: string;
  mountPath: string;
}

export interface Port {
  name: string;
  containerPort: number;
  /** Published on the stack's bind address; unpublished where absent. */
  hostPort?: number;
}

export interface Readiness {
  port: string;
  path: string;
  /**
   * The same probe as a program inside the image, for Docker, whose health checks run there. Without it the
   * workload counts as healthy while Prometheus can scrape it.
   */
  exec?: string[];
}

export interface Resources {
  /** Cores. */
  cpu: number;
  /** MiB; also the limit at which the kernel ends the workload. */
  memory: number;
}

export interface SecurityContext {
  runAsUser: number;
  readOnlyRootFilesystem: boolean;
  /** Capabilities kept; all others are dropped. */
  capabilities?: string[];
}
