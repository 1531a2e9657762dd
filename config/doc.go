// Package config reads muster's settings from the environment, once, and checks all of
// them before anything else happens.
//
// The story in four steps:
//
//   - [Environment] holds every variable as the plain text that was set. envconfig fills it.
//     No field has a type that could fail to convert, because envconfig stops at the first
//     failure and its error repeats the value, which may be a token.
//   - [Environment.Check] turns the text into a [Config]. It collects every [Problem] instead
//     of stopping at the first, so an operator mends the whole configuration in one go.
//   - A problem names the variable, says what is wrong, and says what to do. Secrets are never
//     quoted, whichever variable they were put into by mistake.
//   - A variable that is set but empty counts as not set: docker-compose and .env files
//     produce such variables all the time.
//
// [Table] and [Example] are made from the same list as the checks, so that the documents and
// .env.example can be tested against the program.
package config
