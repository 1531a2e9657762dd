package incident_test

import (
	"strings"
	"testing"

	"muster/incident"
)

func TestParseCommand(t *testing.T) {
	t.Parallel()
	type cmd = incident.Command
	for text, want := range map[string]cmd{
		"":                                {},
		"  ":                              {},
		"new checkout returns 500":        {Verb: "new", Rest: "checkout returns 500"},
		"Declare  checkout":               {Verb: "new", Rest: "checkout"},
		"new":                             {Verb: "new"},
		"new\ncheckout\nreturns 500":      {Verb: "new", Rest: "checkout\nreturns 500"},
		"list":                            {Verb: "list"},
		"list all":                        {Verb: "list", Rest: "all"},
		"ls":                              {Verb: "list"},
		"?":                               {Verb: "help"},
		"help":                            {Verb: "help"},
		"severity sev2":                   {Verb: "severity", Rest: "sev2"},
		"sev 2":                           {Verb: "severity", Rest: "2"},
		"SEVERITY\tSEV 2":                 {Verb: "severity", Rest: "SEV 2"},
		"status monitoring":               {Verb: "status", Rest: "monitoring"},
		"claim":                           {Verb: "claim"},
		"claim technical lead":            {Verb: "claim", Rest: "technical lead"},
		"resolve":                         {Verb: "resolve"},
		"resolve rolled back the deploy":  {Verb: "resolve", Rest: "rolled back the deploy"},
		"reopen":                          {Verb: "reopen"},
		"reopen 42":                       {Verb: "reopen", Number: 42},
		"show 42":                         {Verb: "show", Number: 42},
		"info inc-42":                     {Verb: "show", Number: 42},
		"42":                              {Verb: "show", Number: 42},
		"#42":                             {Verb: "show", Number: 42},
		"INC-42":                          {Verb: "show", Number: 42},
		"42 resolve":                      {Verb: "resolve", Number: 42},
		"inc-42 Resolve rolled back":      {Verb: "resolve", Number: 42, Rest: "rolled back"},
		"42\nseverity 1":                  {Verb: "severity", Number: 42, Rest: "1"},
		"42 reopen":                       {Verb: "reopen", Number: 42},
		"checkout returns 500":            {Rest: "checkout returns 500"},
		"status page is down":             {Rest: "status page is down"},
		"list of users can't be loaded":   {Rest: "list of users can't be loaded"},
		"show page broken":                {Rest: "show page broken"},
		"show dashboards":                 {Rest: "show dashboards"},
		"reopen button broken":            {Rest: "reopen button broken"},
		"reopen fails":                    {Rest: "reopen fails"},
		"claim form shows wrong data":     {Rest: "claim form shows wrong data"},
		"severity field missing in form":  {Rest: "severity field missing in form"},
		"help desk is unreachable":        {Rest: "help desk is unreachable"},
		"500 errors on checkout":          {Rest: "500 errors on checkout"},
		"42 new things are broken":        {Rest: "42 new things are broken"},
		"42 show 41":                      {Rest: "42 show 41"},
		"42 42 42":                        {Rest: "42 42 42"},
		"0":                               {Rest: "0"},
		"-1 resolve":                      {Rest: "-1 resolve"},
		"+1 resolve":                      {Rest: "+1 resolve"},
		"99999999999999999999":            {Rest: "99999999999999999999"},
		"new-york office is offline":      {Rest: "new-york office is offline"},
		"resolved":                        {Rest: "resolved", Near: "resolve"},
		"reslove":                         {Rest: "reslove", Near: "resolve"},
		"stauts":                          {Rest: "stauts", Near: "status"},
		"Severty":                         {Rest: "Severty", Near: "severity"},
		"hepl":                            {Rest: "hepl", Near: "help"},
		"checkout":                        {Rest: "checkout"},
		"db":                              {Rest: "db"},
		"４２ resolve":                      {Verb: "resolve", Number: 42},
		"42\u00a0resolve":                 {Verb: "resolve", Number: 42},
		"42\u3000ｒｅｓｏｌｖｅ":                 {Verb: "resolve", Number: 42},
		"resolve\u200b rolled back":       {Verb: "resolve", Rest: "rolled back"},
		"“severity” sev2":                 {Verb: "severity", Rest: "sev2"},
		"new “checkout is down”":          {Verb: "new", Rest: "“checkout is down”"},
		"close":                           {Rest: "close", Near: "resolve"},
		"close button does nothing":       {Rest: "close button does nothing"},
		"Escalate":                        {Rest: "Escalate", Near: "severity"},
		"delcare":                         {Rest: "delcare", Near: "new"},
		"clean":                           {Rest: "clean"},
		"disk":                            {Rest: "disk"},
		"help sev":                        {Verb: "help", Rest: "sev"},
		"help desk":                       {Rest: "help desk"},
		"export inc-42":                   {Verb: "export", Number: 42},
		"export fails":                    {Rest: "export fails"},
		"title db is slow":                {Verb: "title", Rest: "db is slow"},
		"42 summary since noon":           {Verb: "summary", Number: 42, Rest: "since noon"},
		"duplicate of 41":                 {Verb: "duplicate", Rest: "of 41"},
		"42 dup INC-41":                   {Verb: "duplicate", Number: 42, Rest: "INC-41"},
		"duplicate":                       {Verb: "duplicate"},
		"duplicate orders at checkout":    {Rest: "duplicate orders at checkout"},
		"cancel":                          {Verb: "cancel"},
		"cancel 42":                       {Verb: "cancel", Number: 42},
		"42 cancel false alarm":           {Verb: "cancel", Number: 42, Rest: "false alarm"},
		"timeline 2":                      {Verb: "timeline", Rest: "2"},
		"42 log":                          {Verb: "timeline", Number: 42},
		"history of orders is lost":       {Rest: "history of orders is lost"},
		"note restarted the db":           {Verb: "note", Rest: "restarted the db"},
		"find checkout returns 500":       {Verb: "find", Rest: "checkout returns 500"},
		"list mine 2":                     {Verb: "list", Rest: "mine 2"},
		"list mine of all":                {Rest: "list mine of all"},
		"42 list":                         {Rest: "42 list"},
		"42 listeners leak":               {Rest: "42 listeners leak"},
		"宕机":                              {Rest: "宕机"},
		"reslove the checkout regression": {Rest: "reslove the checkout regression"},

		"42 reslove":                  {Number: 42, Rest: "42 reslove", Near: "resolve"},
		"42 close":                    {Number: 42, Rest: "42 close", Near: "resolve"},
		"42 lsit":                     {Rest: "42 lsit"},
		"42 errors":                   {Rest: "42 errors"},
		"42 close the door":           {Rest: "42 close the door"},
		"inc42":                       {Verb: "show", Number: 42},
		"sev1":                        {Verb: "severity", Rest: "sev1"},
		"SEV-2":                       {Verb: "severity", Rest: "SEV-2"},
		"42 sev2":                     {Verb: "severity", Number: 42, Rest: "sev2"},
		"sev7":                        {Rest: "sev7", Near: "severity"},
		"status resolved rolled back": {Verb: "status", Rest: "resolved rolled back"},
		"list closed":                 {Verb: "list", Rest: "closed"},
		"sev2 checkout is down":       {Rest: "sev2 checkout is down"},
		"ic":                          {Rest: "ic", Near: "claim commander"},
		"monitoring":                  {Rest: "monitoring", Near: "status monitoring"},
		"42 monitoring":               {Number: 42, Rest: "42 monitoring", Near: "status monitoring"},
		"mine":                        {Rest: "mine", Near: "list mine"},
		"--help":                      {Verb: "help"},
		"resolve INC-42":              {Verb: "resolve", Number: 42},
		"resolve #42":                 {Verb: "resolve", Number: 42},
		"resolve 42":                  {Verb: "resolve", Rest: "42"},
		"resolve INC-42 rolled back":  {Verb: "resolve", Rest: "INC-42 rolled back"},
		"severity 42 sev1":            {Verb: "severity", Number: 42, Rest: "sev1"},
		"severity INC-42 sev 1":       {Verb: "severity", Number: 42, Rest: "sev 1"},
		"severity inc-42":             {Verb: "severity", Number: 42},
		"severity 4":                  {Verb: "severity", Rest: "4"},
		"status 42 monitoring":        {Verb: "status", Number: 42, Rest: "monitoring"},
		"claim 42 technical lead":     {Verb: "claim", Number: 42, Rest: "technical lead"},
		"assign 42 ic @ana":           {Verb: "assign", Number: 42, Rest: "ic @ana"},
		"duplicate 42 of 41":          {Verb: "duplicate", Number: 42, Rest: "of 41"},
		"duplicate INC-41":            {Verb: "duplicate", Rest: "INC-41"},
		"duplicate 500 errors":        {Rest: "duplicate 500 errors"},
		"resync 42":                   {Verb: "resync", Number: 42},
		"timeline INC-42":             {Verb: "timeline", Number: 42},
		"update INC-42":               {Verb: "update", Number: 42},
		"note INC-41 is alike":        {Verb: "note", Rest: "INC-41 is alike"},
	} {
		if got := incident.ParseCommand(text); got != want {
			t.Errorf("ParseCommand(%q) = %+v, want %+v", text, got, want)
		}
	}
}

func TestParseRef(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]int64{
		"42": 42, "#42": 42, "INC-42": 42, "inc-42": 42, "#inc-42": 42, "9223372036854775807": 9223372036854775807,
		"": 0, "#": 0, "inc-": 0, "0": 0, "-42": 0, "+42": 0, "inc-+42": 0, "4 2": 0, "42.": 0, "4_2": 0, "0x2a": 0, "ＩＮＣ－４２": 42, "inc–42": 42, "inc42": 42, "inc": 0, "9223372036854775808": 0, "٤٢": 0,
	} {
		if got, ok := incident.ParseRef(word); got != want || ok != (want != 0) {
			t.Errorf("ParseRef(%q) = %d, %v; want %d", word, got, ok, want)
		}
	}
}

// takesText are the verbs that sentences may follow.
var takesText = map[incident.Verb]bool{
	incident.VerbNew: true, incident.VerbFind: true, incident.VerbNote: true, incident.VerbAssign: true, incident.VerbHandOver: true,
	incident.VerbResolve: true, incident.VerbCancel: true, incident.VerbUpdate: true, incident.VerbTodo: true,
	incident.VerbTitle: true, incident.VerbSummary: true,
}

// Where no incident is at hand, a number behind the verb can only be an incident's.
func TestNumberBehindTheVerb(t *testing.T) {
	t.Parallel()
	type cmd = incident.Command
	for text, want := range map[string]cmd{
		"resolve 42 rolled back":     {Verb: "resolve", Number: 42, Rest: "rolled back"},
		"resolve INC-42 rolled back": {Verb: "resolve", Number: 42, Rest: "rolled back"},
		"cancel #42 false alarm":     {Verb: "cancel", Number: 42, Rest: "false alarm"},
		"timeline 42":                {Verb: "timeline", Number: 42},
		"update 42":                  {Verb: "update", Number: 42},
		"claim 42":                   {Verb: "claim", Number: 42},
		"severity 42":                {Verb: "severity", Number: 42},
		"severity 2":                 {Verb: "severity", Rest: "2"},
		"note INC-42 restarted":      {Verb: "note", Number: 42, Rest: "restarted"},
		"note 500 errors a second":   {Verb: "note", Rest: "500 errors a second"},
		"duplicate 41":               {Verb: "duplicate", Rest: "41"},
		"7 timeline 2":               {Verb: "timeline", Number: 7, Rest: "2"},
		"list 2":                     {Verb: "list", Rest: "2"},
		"resolve rolled back":        {Verb: "resolve", Rest: "rolled back"},
		"2 checkout":                 {Rest: "2 checkout"},
	} {
		if got := incident.ParseCommand(text).Elsewhere(); got != want {
			t.Errorf("%q elsewhere = %+v, want %+v", text, got, want)
		}
	}
}

func FuzzParseCommand(f *testing.F) {
	for _, s := range []string{
		"", "new x", "42 resolve it", "42 42", "#", "inc-", "reslove", "status page is down", "\x00", "\xff", "?\u00a0x", "list\u2028all",
		strings.Repeat("1 ", 3000), strings.Repeat("resolve ", 100), "İNC-42",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cmd := incident.ParseCommand(text)
		clean := incident.CleanText(text)
		if cmd.Number < 0 || cmd.Near != "" && cmd.Verb != incident.VerbForm {
			t.Errorf("%q: %+v", text, cmd)
		}
		if cmd.Verb == incident.VerbForm && cmd.Rest != clean {
			t.Errorf("%q is a title, but reads %q", text, cmd.Rest)
		}
		if !strings.HasSuffix(clean, cmd.Rest) {
			t.Errorf("%q: the rest %q is not what was typed last", text, cmd.Rest)
		}
		// A title of four words or more is a command only for verbs that take text.
		if words := strings.Fields(clean); len(words) > 3 {
			if cmd.Number == 0 && cmd.Verb != incident.VerbForm && !takesText[cmd.Verb] {
				t.Errorf("the sentence %q is taken for %q", text, cmd.Verb)
			}
		}
	})
}
