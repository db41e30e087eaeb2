package explore

import "testing"

// mutation is a rule taken out, and a scenario in which that shows.
type mutation struct {
	name     string // with the rules that it breaks
	scenario string
	after    []string             // a schedule to begin with, where it shows late
	scripts  map[string][2]string // by script: what it says, and what it says instead

	noCompare, noFence, noCursor, noVoid bool // of routers and auditors
	plainVoid, byIndex, readFirst        bool
	expiring, overwriting                bool // of the server

	noGlance, fencesFirst, noFollow, noDrop bool // of whoever stands or rebuilds

	noLook, noAttempts, noRest, noOthers, forgetsName bool // of whoever takes a config
}

// Every line must be found out. What a script or a process does instead is
// what an earlier, plausible version did, or what somebody may be tempted to.
var mutations = []mutation{
	{name: "no compare-and-set (J1)", scenario: "a crash and a wipe", noCompare: true},
	{name: "no fence (E5)", scenario: "a crash and a wipe", noFence: true},
	{name: "plain void on a live basis (J4, A2, V3)", scenario: "rejected, a crash", plainVoid: true},
	{name: "index instead of body (S2, V9)", scenario: "config changed", byIndex: true},
	{name: "expiry on open holds (S4, V11)", scenario: "a crash and a wipe", expiring: true},
	{name: "rebuild overwrites counters (E3, V7)", scenario: "restarted", overwriting: true},
	{name: "journal read before fences are raised (E2)", scenario: "a crash and a wipe", readFirst: true},
	{name: "no cursor on the journal (A1, V5)", scenario: "rejected, two regions, a crash", noCursor: true},
	{name: "no void (A2)", scenario: "rejected, two regions, a crash", noVoid: true},
	{name: "first name not kept (C1)", scenario: "renamed, first name kept", forgetsName: true},
	{name: "config taken whatever stands (C2)", scenario: "renamed", noLook: true},
	{name: "config taken over an attempt (C3)", scenario: "renamed", noAttempts: true},
	{name: "config taken with an order in hand (C4)", scenario: "renamed", noRest: true},
	{name: "config taken while another router sells the old name (C5)", scenario: "renamed", noOthers: true},
	{name: "config taken whatever stands, in another region (C2)", scenario: "renamed, another region", noLook: true},
	{name: "fence adopted without a look at the record (E6)", scenario: "taken over", noGlance: true},
	{name: "fences raised before the epoch is stored (E6)", scenario: "there and back", fencesFirst: true},
	{name: "epoch stored whatever came in between (E6)", scenario: "restarted and taken over", noFollow: true, after: []string{
		"router 1 takes the order shop/A",
		"router 1 reserves",
		"redis is restarted",
		"auditor looks at redis",
		"auditor begins a rebuild",
		"auditor takes old open parts back",
		"another auditor looks at the other redis",
	}},
	{name: "open parts kept at a takeover (E6)", scenario: "there and back", noDrop: true},
	{name: "no floor under rebuilds (E6)", scenario: "rebuilt twice and taken over", after: []string{
		"redis is wiped",
		"auditor looks at redis",
		"auditor begins a rebuild",
		"auditor takes old open parts back",
		"auditor stores the epoch",
		"auditor raises the fences",
		"auditor reads the journal",
		"auditor restores an order",
		"auditor restores an order",
		"another auditor looks at the other redis",
		"another auditor begins a rebuild",
		"another auditor takes old open parts back",
		"another auditor stores the epoch",
		"another auditor raises the fences",
		"another auditor reads the journal",
		"another auditor restores an order",
		"another auditor restores an order",
		"another auditor ends the rebuild",
		"router 2 reads its fence",
		"router 2 reads the epochs",
		"router 2 adopts the fence",
		"router 2 takes the order shop/A",
		"router 2 reserves",
		"router 2 commits dispatched",
		"another auditor looks at redis",
		"another auditor begins a rebuild",
		"another auditor takes old open parts back",
	}, scripts: map[string][2]string{
		"rebuild_begin": {"if past > (tonumber(redis.call('GET', KEYS[3]) or nil) or 0) then", "if false then"}}},
	{name: "reserve on an unsettled basis (S2)", scenario: "rejected, a crash", scripts: map[string][2]string{
		"reserve": {"if basis > 0 and seq ~= basis then", "if false then"}}},
	{name: "reserve behind a later decision (S2)", scenario: "cancelled, a crash", scripts: map[string][2]string{
		"reserve": {"if seq and seq > basis then", "if false then"}}},
	{name: "reserve grants twice (S2)", scenario: "config changed", scripts: map[string][2]string{
		"reserve": {"if part[2] and tonumber(part[2]) == basis then", "if false then"}}},
	{name: "reserve without an epoch (E1)", scenario: "a crash and a wipe", scripts: map[string][2]string{
		"reserve": {"if not epoch or string.match", "epoch = epoch or '0/' .. ARGV[3]\nif string.match"}}},
	{name: "live claims freed in reserve (S1, S3, V4)", scenario: "rejected, a crash", scripts: map[string][2]string{
		"reserve": {"  return {1, option, epoch}", `
  for units, slot in string.gmatch(redis.call('HGET', hold, 'claims') or '', '(%S+) %S+ ([^\n]+)') do
    redis.call('DECRBY', slot, units)
  end
  redis.call('HSET', hold, 'claims', '')
  return {1, option, epoch}`}}},
	{name: "a late settle brings back what was cancelled (S3, V6)", scenario: "cancelled, a crash", scripts: map[string][2]string{
		"settle": {"if seq and seq >= decision then", "if seq == decision then"}}},
	{name: "settle keeps the open part (S3)", scenario: "a crash and a wipe", scripts: map[string][2]string{
		"settle": {"  takeBack(part[4])", "  stays = basis"}}},
	{name: "settle only marks (S3)", scenario: "cancelled, a crash", scripts: map[string][2]string{
		"settle": {"for k = 5, #KEYS do", "for k = 5, 4 do"}}},
	{name: "ending without the token (E4, V8)", scenario: "wiped again", scripts: map[string][2]string{
		"rebuild_end": {"if redis.call('GET', KEYS[2]) ~= ARGV[2] then", "if false then"}}},
	{name: "the epoch stays during a rebuild (E2)", scenario: "wiped again", scripts: map[string][2]string{
		"rebuild_begin": {"redis.call('DEL', KEYS[1])", "redis.call('SET', KEYS[1], '0/' .. ARGV[1])"}}},
}

func TestEveryRuleTakenOutIsFound(t *testing.T) {
	t.Parallel()
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, named(t, m.scenario), m)
			f := w.search(w.follow(m.after), 40, 2_000_000)
			if f.wrong == "" {
				t.Fatalf("got nothing wrong in %d states to depth %d", f.states, f.depth)
			}
			t.Logf("%d states: %s", f.states, f)
		})
	}
}

func named(t *testing.T, name string) scenario {
	t.Helper()
	for _, s := range scenarios {
		if s.name == name {
			return s
		}
	}
	t.Fatalf("no scenario %q", name)
	return scenario{}
}
