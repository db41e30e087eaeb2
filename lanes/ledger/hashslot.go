package ledger

// hashSlot is the hash slot of a cluster in which all keys of a region lie:
// CRC-16/XMODEM of the hash tag, modulo the number of slots. A tag ends at the
// first closing brace; region ids hold none.
func hashSlot(region string) int {
	var crc uint16
	for _, b := range []byte(region) {
		crc ^= uint16(b) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	return int(crc % hashSlots)
}
