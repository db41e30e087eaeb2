package geo

import "encoding/binary"

// posting is one thing an area said of a place: twice the area's number, plus
// one for its Minus. Postings sort an area's Minus right behind it.
type posting uint32

func (p posting) hit() Hit { return Hit{Area: int32(p >> 1), Minus: p&1 == 1} }

func (h Hit) posting() posting {
	p := posting(h.Area) << 1
	if h.Minus {
		p |= 1
	}
	return p
}

// list is where a list of postings starts in lists: its length, then its
// postings in ascending order. List 0 is the empty one.
type list uint32

// lists keeps each distinct list of postings once.
type lists struct {
	postings []posting
}

func (l *lists) appendTo(dst []Hit, at list) []Hit {
	if at == 0 {
		return dst
	}
	n := list(l.postings[at])
	for _, p := range l.postings[at+1 : at+1+n] {
		dst = append(dst, p.hit())
	}
	return dst
}

// listBuilder finds equal lists while an index is built.
type listBuilder struct {
	postings []posting
	known    map[string]list
	key      []byte
}

func newLists() *listBuilder {
	return &listBuilder{postings: []posting{0}, known: map[string]list{"": 0}}
}

func (b *listBuilder) intern(ps []posting) list {
	b.key = b.key[:0]
	for _, p := range ps {
		b.key = binary.NativeEndian.AppendUint32(b.key, uint32(p))
	}
	if at, ok := b.known[string(b.key)]; ok {
		return at
	}
	at := list(len(b.postings))
	b.known[string(b.key)] = at
	b.postings = append(b.postings, posting(len(ps)))
	b.postings = append(b.postings, ps...)
	return at
}

func (b *listBuilder) done() lists { return lists{b.postings} }
