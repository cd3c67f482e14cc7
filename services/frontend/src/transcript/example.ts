/** A short phone call, written for this page, in the form in which subtitles are usually pasted. */
export const exampleTranscript = `1
00:00:00,500 --> 00:00:02,400
Hello, this is Nora speaking.

2
00:00:02,900 --> 00:00:06,200
I'm calling about the audition
you came to on Tuesday.

3
00:00:06,800 --> 00:00:10,100
Oh no, I was so nervous that day,
my hands were shaking.

4
00:00:10,700 --> 00:00:13,600
I was terrified that I would forget every line.

5
00:00:14,300 --> 00:00:16,900
Well, you got the part.

6
00:00:17,500 --> 00:00:20,300
Wait, what? I can't believe it!

7
00:00:20,900 --> 00:00:24,800
Thank you so much, this is the happiest day of my life!

8
00:00:25,500 --> 00:00:29,200
Rehearsals start on Monday at nine.

9
00:00:30,000 --> 00:00:34,100
I wish my grandmother could have seen this.
I miss her every single day.

10
00:00:34,900 --> 00:00:37,800
I'm so sorry, I lost mine last winter.

11
00:00:38,600 --> 00:00:42,700
One warning, though: the dressing rooms are disgusting,
there is mould all over the walls.

12
00:00:43,300 --> 00:00:46,900
And they still charge us for parking.
That makes me furious!

13
00:00:47,700 --> 00:00:50,900
Honestly, I don't care about any of that.

14
00:00:51,600 --> 00:00:55,400
I'm proud of myself,
and I can't wait to meet everyone.
`;
