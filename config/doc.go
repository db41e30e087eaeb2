// Package config reads a network's YAML file and everything the file names,
// and checks all of it.
//
// It keeps one invariant: a [Config] exists only if nothing is wrong. Every
// reference in it resolves, every shape has cells, every calendar, timetable
// and limit is compiled, and all of it is sorted by id, so that whatever is
// built from it is the same on every router. Otherwise [Load] returns
// [Findings]: all mistakes of the file at once (syntax errors excepted, which
// come one at a time), each with file, line, column, excerpt and a hint.
//
// # The file
//
// The file is one YAML document without anchors, aliases, merge keys and tags.
// Texts need no quotes unless they hold one of : # { } [ ] , & * ! | > @ %
// in a place where YAML minds; NO, 08:00 and 2026-12-24..2026-12-26 stay what
// they are. Ids are lower-case a to z, 0 to 9 and hyphens, at most 64. Paths
// are relative to the file. Unknown keys are mistakes.
//
// # Files that it names
//
// A path leads wherever the one who runs this may read, outside of the folder
// too, and through links: whoever writes the config is trusted with that. What
// stands there has to be a regular file; a pipe, a device, a socket or a folder
// is refused without being read. A file is bounded by its kind: the config 32 MiB,
// GeoJSON 8 MiB, a gazetteer 256 MiB on disk and unpacked, with lines of less than
// 64 KiB and 4 million places, a secret 64 KiB. A bundle, which comes over
// the network, brings its files along. Of this machine it may have gazetteers
// read, under the same rules and only if they are those it was made with; a
// refusal says nothing of what is in another.
//
//	network: helsinki              # required: an id
//	currency: EUR                  # required: ISO 4217; every amount in the file is in it
//	defaults:
//	  serviceLevel: same_day       # of orders that name none
//	  deliveryMethods: [courier]   # of orders that name none: courier, locker; preferred first
//	  parcel: {mm: [300, 200, 150]} # of lines without dimensions
//	grid: {resolution: 9, containment: center} # 5 to 12; center, full or overlapping
//	nats:
//	  url: "${NATS_URL}"           # empty: embedded, on disk in dataDir
//	  listen: 127.0.0.1:4222       # where the embedded server is found; port 0: any free one
//	  replicas: 1                  # 1, 3 or 5
//	  maxBytes: {orders: 1GiB, dispatch: 2GiB, courier: 512MiB, rejected: 256MiB, retry: 256MiB}
//	  quotas: {channel: 500000, courier: 100000} # messages that are kept of one channel and kind,
//	                               # of one courier and status: ORDERS keeps 14 days, COURIER 35
//	redis: {url: "", grace: 24h}   # empty: in-process; grace: how long holds outlive their slots
//	                               # of a Redis Cluster: any node, or several as redis://a:6379,redis://b:6379
//	dataDir: ./nearlane-data
//	http:
//	  listen: 127.0.0.1:8480
//	  hosts: [router.example.com]  # names it goes by, beside localhost and its address; others get 421
//	geocoding:
//	  gazetteers: [{country: FI, file: gazetteer/FI.tsv}]
//	  http:                        # optional: asked for orders with a street and without coordinates
//	    kind: nominatim            # or photon
//	    url: "${GEOCODER_URL}"     # may hold a key
//	    userAgent: "shop.example (it@shop.example)" # required: who asks
//	    timeout: 300ms             # of one request
//	    wait: 600ms                # the longest that orders wait for all of theirs; at least 100ms more than timeout
//	    ratePerSecond: 1           # of each router; what is more is placed by its postcode
//	    concurrency: 4
//	    countries: [FI]            # default: all
//	    keep: {found: 30d, missed: 1d} # in the cache, which is in Redis
//	secrets: {orderDigest: "${NEARLANE_DIGEST_KEY}"} # required with nats.url, at least 16 characters
//	holidays: {fi: [2026-12-06, 2026-12-24..2026-12-26]}
//	regions: {helsinki: {timezone: Europe/Helsinki, holidays: fi}}
//	rank: [promise, method, cost, distance]
//
// Secrets and the URLs of servers, and nothing else, take ${NAME} for a variable of
// the environment (it must be set and not empty) and file:PATH for what is in
// a file.
//
// Durations are 20m, 2h or 48h, dwell is whole days (2d), amounts have at most
// the currency's decimals, sizes are 64MiB or 2GiB, coordinates are named:
// {lat: 60.1842, lng: 24.9497}.
//
//	serviceLevels:
//	  same_day:                            # levels may hold underscores
//	    cutoff: ["Mo-Fr 17:00", "Sa 14:00"] # a weekday not listed has none; no cutoff at all: any time
//	    promise: {sameDayBy: "21:00"}      # or {elapsed: 48h} or {workingDays: 2, by: "21:00"}
//	    fallback: national                 # or, at the end of the chain, whenFull: reject or wait
//	couriers:
//	  pyora: {maxParcel: {grams: 15000, mm: [600, 400, 400]}} # each part optional
//	sites:
//	  kallio:
//	    kind: micro_hub                    # or microfactory; a site may both stock and make
//	    region: helsinki
//	    at: {lat: 60.1842, lng: 24.9497}
//	    hours: "Mo-Fr 08:00-20:00; Sa 09:00-18:00; PH off"
//	    closed: [2026-12-23, 2027-01-04..2027-01-08]
//	    handling: {time: 20m, costPerOrder: 0.60}
//	    stocks: ["mug-*", print-a3]        # patterns of skus; a micro_hub needs it
//	    makes:                             # a microfactory needs it
//	      resin: {skus: ["figure-*"], unitsPerDay: 120, lead: 2h, cost: {perUnit: 1.80}}
//	    catchment: {withinKm: 5}           # of lanes that have none
//	    lanes:
//	      bike:
//	        courier: pyora
//	        serviceLevels: [same_day]
//	        catchment: {withinKm: 3, minus: [{geojson: "areas.geojson#harbour"}]}
//	        blocks: ["Mo-Sa 10:00-12:00"]  # or collections: ["Mo-Fr 17:30"], never both
//	        transit: {workingDays: [1, 2], by: "17:00"} # of collections, required; by is optional
//	        closesBefore: 15m              # default 0m
//	        capacity: {parcels: 25, grams: 120000} # per block or collection; one of the two, or both
//	        cost: {perParcel: 4.20}
//	        lockers: [sornainen]           # that the lane fills, of the same region
//	lockers:
//	  sornainen:
//	    region: helsinki
//	    at: {lat: 60.187, lng: 24.960}
//	    offer: {withinKm: 1.2}             # of the address
//	    dwell: 2d
//	    costPerParcel: 0.90
//	    sizes: [{size: S, count: 20, mm: [80, 400, 600], maxGrams: 10000}] # smallest first; maxGrams optional
//
// A region, site, lane, production cell, bank or size that is renamed keeps its
// first name, so that the slots that orders stand on stay its own:
//
//	regions: {stadi: {was: helsinki, timezone: Europe/Helsinki}}
//	lanes: {velo: {was: bike, courier: pyora, ...}}
//
// It keeps it for good. `was` is the first name also of what is renamed a second
// time, and nothing else of its kind may have that name. What is gone for good
// though orders stand there is named as slots are, from the region's key on, or
// the beginning of that:
//
//	retired: [helsinki/lane/kallio/bike, helsinki/lane/pasila/post/17:30, helsinki/locker/kamppi]
//
// A catchment is the union of its parts, without minus, which is a list of
// catchments:
//
//	withinKm: 3                            # of the site
//	cells: [89113476b6bffff]               # of the grid's resolution or coarser
//	geojson: "areas.geojson#harbour"       # FILE#FEATURE, or FILE if it has one feature; or a list of these
//	countries: [FI, NO]
//	postcodes: {FI: ["00", "0212"]}        # prefixes by country
package config
