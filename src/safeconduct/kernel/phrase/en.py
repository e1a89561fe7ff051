# SPDX-License-Identifier: AGPL-3.0-or-later
"""2,048 English words, frozen: a changed word would lose the mailbox of everyone who has it.

938 of them stand in the BIP-39 English list (MIT licence, copyright (c) 2013-2016 Pavol Rusnak and
the BIP's authors); the rest were chosen by hand.  The first four letters of a word are its own.
What was left out, and with which tools, is in docs/adr/0004-word-lists.md.
"""

from typing import Final

WORDS: Final[tuple[str, ...]] = tuple(
    """
abacus ability able aboard abode above abstract abundant acacia academy accent account acorn
acoustic acquire acre acrobat acrylic act action actor actress acute add addition address adjust
admire adopt adore advance adverb advice aerial aerobic afloat after age agenda agile aglow agree
ahead aim air airfield airline airmail airport airship airy aisle akin album alcove algae algebra
align alike alive alley allow almanac almond aloe aloft along aloud alpaca alphabet alpine altitude
amazing amount ample amused anagram anchor ancient animal ankle annual answer antenna antique antler
anvil anyone apex apparel appetite apple approve apricot apron aquarium arbor arcade arch ardent
area arena armchair aroma around arrange arrive art artist artwork ascent ashore aside ask aspect
asphalt asset assist aster astute athlete atlas atoll atom attach attend attic attract auburn
auction audit auto autumn avail avenue average aviary avid avocado await awake award away awning
axis axle azalea azure babble backpack badger baffle bag bagel bagpipe bakery balance balcony ball
balsam bamboo banana band banjo bank banner banquet barber bargain barista bark barley barn barrel
baseball basin basket bassoon bath batter bauble bay bazaar beacon bead beagle beak bean beauty bed
bedroom bedtime beef beehive beetle before begin begonia bell belt bench benefit beret best beverage
beyond bib bicycle bike billiard bingo biology biplane birch bird birthday biscuit bison bistro bite
blanket blazer blend blimp blink bliss bloom blossom blouse blue blunt board boast boat bobbin
bobcat boiler bolt bonnet bonsai bonus book boom boost boot botany bottle boulder bounce bowl bowtie
box boxcar bracket brain bramble branch brass bravo bread breeze brick bridge brief bright brim
bring brisk broad broccoli bronze broom broth brown brunch brush bubble bucket budget buffalo bugle
build bulb bulk bumble bumper bunch bundle bungalow bunny burger burlap burrow busy butler butter
buzz bygone bypass cabbage cabin cable cactus caddy cadence cafe cake calcium calendar calf calico
call calm camera campfire canal cancel candle canine canoe canteen canvas canyon capable cape
capsule captain car caramel carbon card career cargo carnival carousel carpet carry carve cascade
cashew castle casual cat catalog catch category catfish cave caviar cedar ceiling celery cello
cement century ceramic cereal chair chalk chance chapter charm cheddar cheese chef chess chicken
chimney chin chip chirp chisel chive choice chorus chowder chrome chuckle chum churn cinder cinema
cinnamon circle citrus city clam clap clarinet clay clean clever cliff climb clip cloak clock clone
cloth cloud clover clown clue clump coach coal coast cobalt cobbler cobweb coconut coffee coil coin
cola collect color combine comet comfort comic comma compass concert condor cone confetti cook cool
copper copy coral cork corn correct cosmos cost cotton country coupon course cover cowbell coyote
cozy crab cradle craft crane crater crayon cream credit cress cricket crimson crisp crocus crop
crouton crown cruise crumb crust crystal cube cubic cuckoo cucumber cuddle culture cup cupboard curb
curd curious curly curry cursor curtain curve cushion custard cutlery cycle daffodil dahlia daily
dairy daisy dance dapper dart data date day daybreak dazzle decade december decimal deck declare
decorate deliver delta deluxe denim dentist deposit design desk dessert detail detour develop dew
diagram diamond diary digital dill dimple diner dinner dinosaur diploma disco dish display distance
ditto diver doctor dog doll dolphin domain dome domino donate donkey donut doodle door dot double
dough downtown dozen dragon drama drapery draw dream dress driver drizzle droplet drum dry duck duet
duffel dumpling duplex durable dusk dwell dynamo each eager eagle early earmuff earnest earring
earth easel east easy eat ebony echo eclipse ecology economy edge edit educate eel effort egg
eggplant eight elastic elbow elegant element elephant elevator elf elk elm email ember emblem
emerald emu enamel encore endive energy engine enjoy enlarge enormous entrance envelope epic episode
epoch equator equip eraser errand espresso essay estimate event ever evolve exact exam excel excite
exercise exhale exhibit expert explore express exterior extra eyebrow eyelash fable fabric facet
fact fade fair falcon fame famous fan fancy fantasy farm fashion fast fathom faucet fauna fawn feast
feather fence fern ferry fertile festival fetch fiber fiction fiddle fidget field fiesta fifteen fig
figure file fillet film filter finance finch finish fireside first fish fitness five fizz flake
flamingo flannel flap flash flavor flax fleece flexible flicker flint flock floor floral flower
fluffy fluid flute foal foam focus foggy foil fold foliage folklore font food football forage forest
formal fortune fossil fountain fox foyer fraction frame freckle freezer freight fresh friday friend
frisbee frog front frosty frozen fudge full fumble function funny furry future fuzzy gadget galaxy
gallery game gander garage garden garlic garment garnet gate gather gazebo gear gecko gelatin gentle
geology geometry geranium gesture giant gift giggle ginger giraffe girder gizmo glacier glad glass
glaze gleam glide glimmer glitter globe gloss glove glow goat goblet goggle gold golf gondola good
goose gorge gosling gown grade granite grape grass gravity gray grease green grid grill grip grocery
groove ground grove grow guava guest guide guitar gull gum guppy gusto gymnast habit hail hair half
hall hamlet hammock hamster handle hangar happy harbor harmony harness harp harvest hat hatch hay
haystack health heart heavy hedgehog helium helmet herald herb herd heritage heron hexagon hiccup
hickory highway hike hill hinge hint hippo history hobby hockey holiday hollow home honey hoof hook
hoop hope horizon horse hose hotel hotplate hover howl huddle hue hug huge hull hum human humble
humid humor hundred hurdle hush husky hut hyacinth hydrant hyphen ibis ice iceberg icicle icon idea
idiom igloo iguana imagine imitate import improve inbox inch index indigo indoor infinite ink
inkwell inland inlet inner input inquire insect inspire instant invent invite inward iron island
item ivory jacket jagged jam jar jargon jaunt jazz jeans jelly jester jetty jigsaw jingle jockey
join joke jolly journey joy jubilee judo jug juggle juice jukebox july jumbo jump jungle junior kale
kangaroo karate kayak kazoo kebab keel keep kelp kennel kernel ketchup kettle key keyboard kilo kilt
kimono kind king kiosk kit kitchen kite kitten kiwi knack knee koala kudos label lace ladder ladle
ladybug lagoon lake lamb lamp land language lantern lapel laptop larch large lark laser lasso latch
lattice laugh laundry lava lawn layer leaf league leapfrog learn lease lecture ledge legend lemon
lens lentil leopard lesson letter level library lichen lift light lilac lime limit linen link lion
liquid list liter lizard llama loaf lobby lobster local lock lodge loft logic logo lollipop long
look loom loop lotion lotus lounge loyal lucid lucky luggage lullaby lumber luminous lunar lunch
lupine luster luxury lyrics macaroni machine magazine magenta magma magnet magpie mahogany main
mallard mammal manage mango manor mansion mantle maple marble marigold market marmot maroon marsh
marvel mascot match material math mattress maybe maze meadow meal meander mechanic medal media
medley mellow melody melt memory mend menu message meteor method metro micro midnight mild mile milk
million mime mind mineral minibus minnow mint minute mirage mirror mist mitten mixer mixture mobile
mocha model molar moment monday monkey monsoon month moon moose mop morning mosaic moss motel motor
mountain mouse movie mower mud muffin mug mulberry multiply mural muscle museum mushroom music musk
mustard nail name nap napkin narrow nature nautical nearest nebula necklace nectar neighbor neon
nest net network neutral newt nibble nice nickel night nimble nine noodle north nose notch note
notice noun novel novice nozzle nugget number nursery nut nutmeg nutshell nylon oak oasis oat
oatmeal oblong oboe observe ocean octagon october odd oddity offer office oil old omega omelet once
onion online onset onward onyx opal open opera opinion opposite optic orange orbit orca orchard
order ordinary oregano organic origami oriole ornament osprey ostrich ounce outdoor outfit outlet
oval oven over owl oxygen oyster ozone package pad page paint pajamas palette palm pancake panda
panel panorama panther papaya paper paprika parade parcel parka parrot parsley partner pass pasta
patch patio pattern pave pavilion paw payment pea peach peanut pear pebble pecan pedal peel pelican
pen pencil pendant penguin pentagon people pepper perfume perky pet petunia phase photo phrase
physics piano piccolo pickle picnic picture pie pigeon pillow pilot pinch pine pint pioneer pitcher
pixel pizza place plaid planet plastic plate play plaza please pledge plenty pliers plow plug plum
plural plus plywood pocket podium poem poet point poker polar polka pollen polo polygon poncho pond
pony pool popcorn poplar porch porridge port poster potato pottery pouch poultry pound powder
practice prairie prawn precious present pretzel print prism prize profile program project promise
prong protein proverb prune publish pudding puffin pulley pulse puma pumpkin pupil puppy purchase
pure purse puzzle pyramid quack quail quality quarter quest quick quiet quill quince quirky quiver
quiz quote rabbit raccoon racket radio raffle rafter rag rail rain raisin ramble ramp ranch random
rapid rattle ravine rayon reach ready reason recall recess recipe recline record recycle redwood
reed reef reel referee refill refresh region reindeer relax relief remark remedy remote renew repair
repeat replica report reptile resin resort rest retail return reunion reuse reverse revolve rhino
ribbon rice riddle ridge rind ring rinse ripen ripple river road robe robust rock rodeo role roller
roof room rooster root roster rotor round rover row rowboat rudder ruffle rug rugby ruler rumble
runner rush russet rustic sack saddle safari saffron saga sage sailor salad salmon salon salsa salt
salute sample sandal sapling sapphire sardine sash satchel satin saturday sauce sauna savanna save
savory sawdust sawmill scale scarf scene school science scissors scone scoop score scramble screen
script scroll scuba sculptor seagull seal season seat second sediment seesaw select self semester
send senses sequel serenade sesame set settle seventy shaggy shake shallow shampoo shape shawl sheep
shell sherbet shimmer shine shirt shoe shop shoulder shovel show shrimp shrub shuttle sidewalk
siesta sift silk silly silo silver similar simple sincere sing sink site sixteen skate sketch ski
skillet skip skirt sky skylark slate sled sleeve slice slide slipper slope sloth slow slumber small
smart smell smile smooth snack snail snap sneaker snorkel snow snug soap soccer sock soda sofa soft
soil solar solid solo solve sonata song sonnet soon soothe sorbet sound soup south soy space spark
spatula special speech spelling sphere spice spinach spiral splash splendid splinter sponge spoon
sport spot spread spring sprout spruce square squeeze squirrel stack stadium staff stage stairs
stamp stand staple star station stay steam steel stencil step stereo stew stick stir stitch stone
stool story stove straw street string stroll strudel student stuff sturdy style sublime suburb
subway sugar suggest suitcase summer sun sunbeam sundial sunny sunrise sunset superb supper surface
surprise sushi swan swap sweater sweet swift swim swing swirl switch swoop sycamore symphony syntax
syrup table taco tadpole taffy tag tailor take talc talent tall tango tape task tassel taste taxi
tea teach teak teal team teapot teaspoon tempo tender tennis tent terrace test textile thank theater
theory thermos thick thimble thin thirty thistle thorn thread thrift thumb thyme ticket tiger tile
tilt timber time tin tinsel tiny tiptoe tissue title toad toast today toffee tofu token tomato
tomorrow tone tongs tonic tool tooth topaz topic tortoise total touch tourist tower town toy tractor
traffic train trapeze travel tray treasure treble tree trellis trend trio trip trivia trolley
trombone trophy trot trout trowel truck truffle trunk tub tuba tugboat tuition tulip tumble tuna
tundra tune tunic tunnel turbine turf turn turtle tutor tuxedo tweed twelve twenty twice twig
twilight twin twirl twist type ultra umbrella umpire unique unit universe unpack unplug until unwind
upbeat update upgrade uphill uplift upper upright upstairs uptown upward urban urchin useful usher
usual utensil utmost vacation vacuum valley value valve vanilla vapor varnish vase vector vegan
vehicle velvet veneer venture venue veranda verb verse vest vibrant video view village vine vintage
vinyl violin virtue visit visor vista vitamin vivid vocal vogue voice volcano volley volume vowel
voyage waddle wafer waffle wagon waiter walk wall walnut walrus waltz wardrobe warm watch water wave
wavy wax wealth weather weave wedge weekend welcome well west wetland whale wharf wheat wheel whirl
whisper wicker widget width wiggle willow window wing winner winter wise wish wobble wombat wonder
wood wool word workshop world worm woven wren wrinkle yacht yam yard yarn yawn yearly yeast yellow
yes yodel yoga yogurt yolk yonder young zebra zenith zero zest zigzag zip zodiac zone zoo zoom
zucchini
""".split()  # noqa: SIM905  A list of strings would be ten times as long to read.
)
