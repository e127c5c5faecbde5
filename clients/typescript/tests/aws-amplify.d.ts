/** As much of AWS Amplify as the example uses: the package itself is a hundred megabytes. */
declare module 'aws-amplify/auth' {
	export function fetchAuthSession(options?: {forceRefresh?: boolean}): Promise<{tokens?: {idToken?: {toString(): string}}}>;
}
