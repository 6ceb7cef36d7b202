// Reads one OTLP trace request on standard input, as the OpenTelemetry Collector itself decodes it, and writes
// it down as plain JSON. The argument is the request's content type.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

type span struct {
	TraceID    string         `json:"traceId"`
	SpanID     string         `json:"spanId"`
	ParentID   string         `json:"parentId"`
	TraceState string         `json:"traceState"`
	Name       string         `json:"name"`
	Kind       string         `json:"kind"`
	Start      int64          `json:"start"`
	End        int64          `json:"end"`
	Status     string         `json:"status"`
	Message    string         `json:"message"`
	Attributes map[string]any `json:"attributes"`
	Events     []event        `json:"events"`
}

type event struct {
	Name       string         `json:"name"`
	Attributes map[string]any `json:"attributes"`
}

type request struct {
	Resource map[string]any `json:"resource"`
	Scope    string         `json:"scope"`
	Spans    []span         `json:"spans"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	body, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	received := ptraceotlp.NewExportRequest()
	if os.Args[1] == "application/json" {
		err = received.UnmarshalJSON(body)
	} else {
		err = received.UnmarshalProto(body)
	}
	if err != nil {
		return err
	}
	traces := received.Traces()
	if traces.ResourceSpans().Len() != 1 || traces.ResourceSpans().At(0).ScopeSpans().Len() != 1 {
		return fmt.Errorf("one resource with one scope was expected")
	}
	resource := traces.ResourceSpans().At(0)
	scope := resource.ScopeSpans().At(0)
	told := request{
		Resource: resource.Resource().Attributes().AsRaw(),
		Scope:    scope.Scope().Name() + "@" + scope.Scope().Version(),
	}
	for _, s := range scope.Spans().All() {
		told.Spans = append(told.Spans, tell(s))
	}
	return json.NewEncoder(os.Stdout).Encode(told)
}

func tell(s ptrace.Span) span {
	told := span{
		TraceID:    s.TraceID().String(),
		SpanID:     s.SpanID().String(),
		ParentID:   s.ParentSpanID().String(),
		TraceState: s.TraceState().AsRaw(),
		Name:       s.Name(),
		Kind:       s.Kind().String(),
		Start:      millis(s.StartTimestamp()),
		End:        millis(s.EndTimestamp()),
		Status:     s.Status().Code().String(),
		Message:    s.Status().Message(),
		Attributes: s.Attributes().AsRaw(),
		Events:     []event{},
	}
	for _, e := range s.Events().All() {
		told.Events = append(told.Events, event{Name: e.Name(), Attributes: e.Attributes().AsRaw()})
	}
	return told
}

func millis(t pcommon.Timestamp) int64 { return t.AsTime().UnixMilli() }
