package pace

import ("testing";"time")
type report struct { scale; began time.Time; loadBefore, loadAfter string; rates []rates; delays []delays; growths []int }
func (r *report) write(string) error { return nil }
func growths(t *testing.T, s scale) []int { return nil }
