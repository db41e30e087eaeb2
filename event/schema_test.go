package event_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/nearlane/nearlane/event"
)

const schemaBase = "https://nearlane.dev/schema/v1/"

// compiled is every schema by name, formats asserted.
func compiled(t testing.TB) map[string]*jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for _, s := range event.Schemas() {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(s.JSON))
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		if err := c.AddResource(schemaBase+s.Name+".json", doc); err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
	}
	schemas := make(map[string]*jsonschema.Schema)
	for _, s := range event.Schemas() {
		schema, err := c.Compile(schemaBase + s.Name + ".json")
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		if want := schemaBase + s.Name + ".json"; schema.ID != want {
			t.Errorf("%s: got $id %s, want %s", s.Name, schema.ID, want)
		}
		schemas[s.Name] = schema
	}
	return schemas
}

func TestSchemasList(t *testing.T) {
	t.Parallel()
	var got []string
	for _, s := range event.Schemas() {
		got = append(got, s.Name)
	}
	if diff := cmp.Diff([]string{"cancellation", "decision", "dispatch", "order", "report"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestSchemasMatchTypes(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	match(t, "order", s["order"], reflect.TypeFor[event.Order]())
	match(t, "cancellation", s["cancellation"], reflect.TypeFor[event.Cancellation]())
	match(t, "report", s["report"], reflect.TypeFor[event.Report]())
	match(t, "decision", s["decision"].Properties["data"], reflect.TypeFor[event.Decision]())
	match(t, "dispatch", s["dispatch"].Properties["data"], reflect.TypeFor[event.Dispatch]())
}

// match compares the schema at a path with a Go type: the same members, the
// same kinds, and required exactly what is encoded even if it is zero.
func match(t *testing.T, at string, s *jsonschema.Schema, typ reflect.Type) {
	t.Helper()
	for s.Ref != nil {
		s = s.Ref
	}
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if want := jsonType(typ); s.Enum == nil && (s.Types == nil || !slices.Equal(s.Types.ToStrings(), []string{want})) {
		t.Errorf("%s: got type %v, want %s for %v", at, s.Types, want, typ)
		return
	}
	switch {
	case typ == reflect.TypeFor[time.Time]():
		if s.Format == nil || s.Format.Name != "date-time" {
			t.Errorf("%s: want format date-time", at)
		}
	case typ.Kind() == reflect.Slice:
		match(t, at+"/items", s.Items2020, typ.Elem())
	case typ.Kind() == reflect.Map:
		match(t, at+"/*", s.AdditionalProperties.(*jsonschema.Schema), typ.Elem())
	case typ.Kind() == reflect.Struct:
		matchMembers(t, at, s, typ)
	}
}

func matchMembers(t *testing.T, at string, s *jsonschema.Schema, typ reflect.Type) {
	t.Helper()
	names, required := []string{}, []string{}
	for _, f := range reflect.VisibleFields(typ) {
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "-" {
			continue
		}
		names = append(names, name)
		if option == "" {
			required = append(required, name)
		}
		if p := s.Properties[name]; p != nil {
			match(t, at+"/"+name, p, f.Type)
		}
	}
	properties := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		properties = append(properties, name)
	}
	slices.Sort(names)
	slices.Sort(properties)
	if diff := cmp.Diff(names, properties); diff != "" {
		t.Errorf("%s: members: -%v +schema\n%s", at, typ, diff)
	}
	slices.Sort(required)
	inSchema := append([]string{}, s.Required...)
	slices.Sort(inSchema)
	if diff := cmp.Diff(required, inSchema); diff != "" {
		t.Errorf("%s: required: -%v +schema\n%s", at, typ, diff)
	}
}

func jsonType(t reflect.Type) string {
	if t == reflect.TypeFor[time.Time]() {
		return "string"
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.Slice:
		return "array"
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Float64:
		return "number"
	}
	return "integer"
}

func TestSchemasAcceptGoldens(t *testing.T) {
	t.Parallel()
	schemas := compiled(t)
	for file, name := range map[string]string{
		"order.json":               "order",
		"order_minimal.json":       "order",
		"cancellation.json":        "cancellation",
		"report.json":              "report",
		"decision_dispatched.json": "decision",
		"decision_unroutable.json": "decision",
		"dispatch_requested.json":  "dispatch",
		"dispatch_withdrawn.json":  "dispatch",
	} {
		if err := valid(t, schemas[name], string(testdata(t, file))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestSchemasRefuse(t *testing.T) {
	t.Parallel()
	schemas := compiled(t)
	line := `"quantity":1`
	for _, c := range []struct{ name, in string }{
		{"order", `{}`},
		{"order", edit(t, `"1"`, `""`)},
		{"order", edit(t, `"2026-08-04T06:07:00Z"`, `"yesterday"`)},
		{"order", edit(t, `"FI"`, `"fi"`)},
		{"order", edit(t, `"postalCode":"00100",`, ``)},
		{"order", edit(t, `"postalCode":"00100"`, `"postalCode":""`)},
		{"order", edit(t, `"postalCode":"00100"`, `"geo":{"latitude":91,"longitude":0}`)},
		{"order", edit(t, `{"sku":"mug-blue",`+line+`}`, ``)},
		{"order", edit(t, line, `"quantity":-1`)},
		{"order", edit(t, line, `"quantity":100001`)},
		{"order", edit(t, line, `"quantity":1,"weightGrams":100000001`)},
		{"order", edit(t, line, `"quantity":1,"dimensionsMm":[1,2]`)},
		{"order", edit(t, line, `"quantity":1,"dimensionsMm":[1,2,100001]`)},
		{"order", edit(t, line, `"quantity":1,"unitValue":{"amount":10000000001,"currency":"EUR"}`)},
		{"order", edit(t, `{"sku":"mug-blue",`+line+`}`, manyLines(1001))},
		{"order", edit(t, `"lines"`, `"deliveryMethods":["drone"],"lines"`)},
		{"cancellation", `{"orderId":"1","channel":"webshop"}`},
		{"report", `{"dispatchId":"d","channel":"webshop","orderId":"1"}`},
		{"report", `{"dispatchId":"d","channel":"webshop","orderId":"1","at":"now"}`},
		{"report", `{"dispatchId":"","channel":"webshop","orderId":"1","at":"2026-08-04T06:12:00Z"}`},
		{"report", `{"dispatchId":"d","channel":"webshop","orderId":"1","at":"2026-08-04T06:12:00Z","reason":"` + strings.Repeat("x", 129) + `"}`},
		{"decision", string(testdata(t, "dispatch_requested.json"))},
		{"dispatch", strings.Replace(string(testdata(t, "dispatch_requested.json")), `"status": "requested"`, `"status": "withdrawn"`, 1)},
	} {
		if valid(t, schemas[c.name], c.in) == nil {
			t.Errorf("%s: valid: %.300s", c.name, c.in)
		}
	}
}

func valid(t testing.TB, s *jsonschema.Schema, text string) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestSchemaListsReasons(t *testing.T) {
	t.Parallel()
	var got []string
	for _, e := range compiled(t)["report"].Properties["reason"].Examples {
		got = append(got, e.(string))
	}
	if diff := cmp.Diff(event.ReportReasons(), got); diff != "" {
		t.Errorf("-code +schema\n%s", diff)
	}
}
