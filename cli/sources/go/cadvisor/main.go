// cAdvisor for machines that reach Go modules but no image registry: the command's own module is not served, its
// library is. It takes the flags of the official binary that this stack passes, with the same defaults, and publishes
// the same series.
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/google/cadvisor/cache/memory"
	"github.com/google/cadvisor/container"
	_ "github.com/google/cadvisor/container/docker/install"
	v2 "github.com/google/cadvisor/info/v2"
	"github.com/google/cadvisor/manager"
	"github.com/google/cadvisor/metrics"
	"github.com/google/cadvisor/utils/sysfs"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"k8s.io/klog/v2"
	"k8s.io/utils/clock"
)

func main() {
	klog.InitFlags(nil)
	disabled := container.MetricSet{}
	if err := disabled.Set("advtcp,cpu_topology,cpuset,hugetlb,memory_numa,process,referenced_memory,resctrl,sched,tcp,udp"); err != nil {
		klog.Fatal(err)
	}
	listenIP := flag.String("listen_ip", "", "address to listen on, all by default")
	port := flag.Int("port", 8080, "port to listen on")
	storeLabels := flag.Bool("store_container_labels", true, "publish container labels as metric labels")
	flag.Var(&disabled, "disable_metrics", "comma-separated kinds of metrics that are not collected")
	flag.Parse()

	included := container.AllMetrics.Difference(disabled)
	m, err := manager.New(memory.New(2*time.Minute, nil), sysfs.NewRealSysFs(), manager.HousekeepingConfigFlags,
		included, http.DefaultClient, []string{""}, nil, "", 0)
	if err != nil {
		klog.Fatalf("cannot watch containers: %v", err)
	}
	if err := m.Start(); err != nil {
		klog.Fatalf("cannot start watching containers: %v", err)
	}

	labels := metrics.DefaultContainerLabels
	if !*storeLabels {
		labels = metrics.BaseContainerLabels(nil)
	}
	every := v2.RequestOptions{IdType: v2.TypeName, Count: 1, Recursive: true}
	prometheus.MustRegister(
		metrics.NewPrometheusCollector(m, labels, included, clock.RealClock{}, every),
		metrics.NewPrometheusMachineCollector(m, included),
	)
	http.Handle("/metrics", promhttp.Handler())
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	klog.Fatal(http.ListenAndServe(net.JoinHostPort(*listenIP, strconv.Itoa(*port)), nil))
}
