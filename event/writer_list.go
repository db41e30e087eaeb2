package event

import "strconv"

// array writes n elements; element appends the one at i.
func (w *writer) array(name string, n int, element func(i int)) {
	w.b = append(w.b, name...)
	w.begin('[')
	for i := range n {
		element(i)
	}
	w.end(']')
}

func (w *writer) texts(name string, list []string) {
	w.array(name, len(list), func(i int) { w.quote(list[i]) })
}

func (w *writer) optTexts(name string, list []string) {
	if list != nil {
		w.texts(name, list)
	}
}

func (w *writer) optNumbers(name string, list []int64) {
	if list != nil {
		w.array(name, len(list), func(i int) { w.b = append(strconv.AppendInt(w.b, list[i], 10), ',') })
	}
}

func (w *writer) object(name string, e encoder) {
	w.b = append(w.b, name...)
	e.encode(w)
}

// encodes is a pointer that is an encoder.
type encodes[T any] interface {
	*T
	encoder
}

func optObject[T any, P encodes[T]](w *writer, name string, v P) {
	if v != nil {
		w.object(name, v)
	}
}

func objects[T any, P encodes[T]](w *writer, name string, list []T) {
	w.array(name, len(list), func(i int) { P(&list[i]).encode(w) })
}

func optObjects[T any, P encodes[T]](w *writer, name string, list []T) {
	if list != nil {
		objects[T, P](w, name, list)
	}
}
