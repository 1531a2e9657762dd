package browser

import "strings"

// emojis are the pictures of the names that people and apps use most. Another
// name is shown as it is written.
var emojis = map[string]string{
	"+1": "👍", "-1": "👎", "100": "💯", "alarm_clock": "⏰", "arrow_right": "➡️", "arrows_counterclockwise": "🔄",
	"art": "🎨", "bar_chart": "📊", "bell": "🔔", "no_bell": "🔕", "black_circle": "⚫", "book": "📖", "bookmark": "🔖",
	"boom": "💥", "bug": "🐛", "bulb": "💡", "calendar": "📅", "camera": "📷", "chart_with_downwards_trend": "📉",
	"chart_with_upwards_trend": "📈", "clap": "👏", "clipboard": "📋", "clock1": "🕐", "compass": "🧭", "construction": "🚧",
	"cry": "😢", "door": "🚪", "exclamation": "❗", "eyes": "👀", "fire": "🔥", "fire_engine": "🚒", "flashlight": "🔦",
	"gear": "⚙️", "grey_question": "❔", "hammer_and_wrench": "🛠️", "handshake": "🤝", "heart": "❤️", "heavy_check_mark": "✔️",
	"heavy_plus_sign": "➕", "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "house": "🏠", "information_source": "ℹ️",
	"joy": "😂", "key": "🔑", "large_blue_circle": "🔵", "large_green_circle": "🟢", "large_orange_circle": "🟠",
	"large_purple_circle": "🟣", "large_yellow_circle": "🟡", "link": "🔗", "lock": "🔒", "loudspeaker": "📢", "mag": "🔍",
	"mega": "📣", "memo": "📝", "microscope": "🔬", "no_entry": "⛔", "no_entry_sign": "🚫", "ok_hand": "👌",
	"page_facing_up": "📄", "paperclip": "📎", "party_popper": "🎉", "pencil": "📝", "pencil2": "✏️", "point_right": "👉",
	"pray": "🙏", "pushpin": "📌", "question": "❓", "raised_hand": "✋", "raised_hands": "🙌", "raising_hand": "🙋",
	"recycle": "♻️", "red_circle": "🔴", "repeat": "🔁", "rocket": "🚀", "rotating_light": "🚨", "round_pushpin": "📍",
	"scroll": "📜", "shield": "🛡️", "simple_smile": "🙂", "slightly_smiling_face": "🙂", "smile": "😄", "snail": "🐌",
	"sos": "🆘", "sparkles": "✨", "speech_balloon": "💬", "star": "⭐", "stopwatch": "⏱️", "tada": "🎉", "telephone_receiver": "📞",
	"test_tube": "🧪", "thinking_face": "🤔", "thumbsdown": "👎", "thumbsup": "👍", "timer_clock": "⏲️", "twisted_rightwards_arrows": "🔀",
	"unlock": "🔓", "video_camera": "📹", "warning": "⚠️", "wastebasket": "🗑️", "wave": "👋", "white_check_mark": "✅",
	"white_circle": "⚪", "wrench": "🔧", "x": "❌", "zap": "⚡", "zzz": "💤", "satellite": "🛰️", "satellite_antenna": "📡",
	"busts_in_silhouette": "👥", "bust_in_silhouette": "👤", "card_index": "📇", "inbox_tray": "📥", "outbox_tray": "📤",
	"crossed_fingers": "🤞", "muscle": "💪", "fast_forward": "⏩", "leftwards_arrow_with_hook": "↩️", "back": "🔙", "new": "🆕",
	"vertical_traffic_light": "🚦", "thread": "🧵", "railway_track": "🛤️", "open_file_folder": "📂", "spiral_note_pad": "🗒️",
}

// offered are the reactions that the page's menu holds.
var offered = []string{"eyes", "+1", "white_check_mark", "pray", "fire", "tada", "rotating_light", "pushpin", "heart", "thinking_face"}

// emoji is the picture of a name without colons, or "".
func emoji(name string) string {
	base, _, _ := strings.Cut(name, "::")
	return emojis[base]
}

// pictures replaces the names of emoji in plain text.
func pictures(text string) string {
	var out strings.Builder
	for text != "" {
		at := strings.IndexByte(text, ':')
		if at < 0 {
			break
		}
		out.WriteString(text[:at])
		text = text[at:]
		end := strings.IndexByte(text[1:], ':')
		picture := ""
		if end > 0 {
			picture = emoji(text[1 : end+1])
		}
		if picture == "" {
			out.WriteByte(':')
			text = text[1:]
			continue
		}
		out.WriteString(picture)
		text = text[end+2:]
	}
	return out.String() + text
}
